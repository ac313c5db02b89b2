namespace MLNet.Sngp.Training;

/// <summary>Makes the calls that several threads hand in: one at a time, in the order in which they came, and under no lock.</summary>
/// <remarks>
/// <para>A thread that finds nobody at work makes its own call and those that come meanwhile; the others go on at once. So a call may
/// wait for another thread that hands in one, and a slow one holds up a single thread. All calls are made once all threads have returned
/// from <see cref="Make"/>.</para>
/// <para>An exception of a call goes to the thread that makes it; the calls behind it are made with the next one. Safe for use by several
/// threads.</para>
/// </remarks>
internal sealed class OrderedCalls
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private bool _isAtWork;

    /// <summary>Hands in a call.</summary>
    /// <param name="prepare">Gives the call; runs at once and under the lock, so that what it counts is in the order of the calls. It must
    /// not run code of others.</param>
    public void Make(Func<Action> prepare)
    {
        lock (_lock)
        {
            _waiting.Enqueue(prepare());
            if (_isAtWork)
                return;
            _isAtWork = true;
        }
        var isDone = false;
        try
        {
            while (Next() is { } call)
                call();
            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                lock (_lock)
                    _isAtWork = false;
            }
        }
    }

    /// <summary>The next call; with none left the work is over, before anybody else can hand one in.</summary>
    private Action? Next()
    {
        lock (_lock)
        {
            _isAtWork = _waiting.TryDequeue(out var call);
            return call;
        }
    }
}
