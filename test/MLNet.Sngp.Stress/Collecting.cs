namespace MLNet.Sngp.Stress;

/// <summary>A thread that collects garbage and waits for the finalisers, again and again until disposal.</summary>
internal sealed class Collecting : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _isOver;

    public Collecting()
    {
        _thread = new Thread(Collect);
        _thread.Start();
    }

    public long Count { get; private set; }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Collect()
    {
        for (; !_isOver; Count++)
        {
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
    }
}
