namespace MLNet.Sngp.Scoring;

/// <summary>Room for what some rows take in and give. For one thread at a time.</summary>
internal abstract class RowBuffers(int capacity) : IDisposable
{
    /// <summary>The largest number of rows in one run.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Computes the outputs of the first <paramref name="rows"/> rows.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <exception cref="InvalidOperationException">The graph failed.</exception>
    public abstract void Run(int rows);

    /// <summary>The values of an output, row after row.</summary>
    public abstract T[] Results<T>(int output);

    public abstract void Dispose();
}
