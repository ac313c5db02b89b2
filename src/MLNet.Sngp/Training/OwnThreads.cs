using TorchSharp;

namespace MLNet.Sngp.Training;

/// <summary>Runs work on threads of its own, under the caller's torch thread count.</summary>
/// <remarks>
/// A thread keeps the count that it had when it first asked torch for anything, and threads of the pool live long: what they train would
/// depend on who used them before. New threads take the process's present count. Where the caller itself has another, all is done on the
/// caller's thread, for the process's setting is not ours to change.
/// </remarks>
internal static class OwnThreads
{
    /// <param name="count">Calls of <paramref name="work"/>, with 0 and so on.</param>
    /// <param name="degree">At most so many at once.</param>
    /// <param name="work">Must not throw.</param>
    public static void Run(int count, int degree, Action<int> work)
    {
        var (next, own) = (-1, torch.get_num_threads());
        if (Math.Min(count, degree) > 1)
        {
            Thread[] threads = [.. Enumerable.Range(0, Math.Min(count, degree)).Select(_ => Start(() =>
            {
                // Asked in the thread itself: somebody may set another count at any moment, and what a thread saw first stays with it.
                if (torch.get_num_threads() == own)
                    WorkOff();
            }))];
            Array.ForEach(threads, thread => thread.Join());
        }
        WorkOff();

        void WorkOff()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                work(i);
        }
    }

    private static Thread Start(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true, Name = "SNGP training" };
        thread.Start();
        return thread;
    }
}
