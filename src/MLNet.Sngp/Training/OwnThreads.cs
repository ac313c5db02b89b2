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
        if (Math.Min(count, degree) <= 1 || CountOfNewThread() != torch.get_num_threads())
        {
            for (var i = 0; i < count; i++)
                work(i);
            return;
        }
        var next = -1;
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(count, degree)).Select(_ => Start(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                work(i);
        }))];
        Array.ForEach(threads, thread => thread.Join());
    }

    private static int CountOfNewThread()
    {
        var count = 0;
        Start(() => count = torch.get_num_threads()).Join();
        return count;
    }

    private static Thread Start(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true, Name = "SNGP training" };
        thread.Start();
        return thread;
    }
}
