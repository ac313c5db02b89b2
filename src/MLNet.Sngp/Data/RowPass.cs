namespace MLNet.Sngp.Data;

/// <summary>Goes through rows once, batch by batch. Not thread-safe.</summary>
internal abstract class RowPass : IDisposable
{
    /// <summary>Fills the batch with the next rows: to its capacity, or with those that are left.</summary>
    /// <returns>The number of rows; 0 at the end.</returns>
    public abstract int Read(RowBatch batch);

    public virtual void Dispose()
    {
    }
}
