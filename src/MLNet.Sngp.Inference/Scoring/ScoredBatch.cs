using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Some consecutive rows of the input: read by one thread, scored by any.</summary>
internal sealed class ScoredBatch(RowBuffers buffers, ColumnBuffer?[] columns) : IDisposable
{
    private readonly DataViewRowId[] _ids = new DataViewRowId[buffers.Capacity];
    private readonly long[] _batches = new long[buffers.Capacity];
    private Task? _scoring;
    private volatile bool _abandoned;

    public RowBuffers Buffers => buffers;

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == buffers.Capacity;

    public ColumnBuffer? Column(int index) => columns[index];

    public DataViewRowId Id(int row) => _ids[row];

    public long InputBatch(int row) => _batches[row];

    /// <summary>Makes room for other rows.</summary>
    public void Clear() => (Count, _scoring) = (0, null);

    /// <summary>Copies the input's current row behind the others; it belongs to the batch once <see cref="Keep"/> is called.</summary>
    public void Read(InputReader input)
    {
        input.Read();
        input.CopyTo(buffers, Count, out _ids[Count], out _batches[Count]);
        foreach (var column in columns)
            column?.Read(Count);
    }

    /// <summary>Does the same with a row that <paramref name="other"/> has read behind its own, so that it is computed once.</summary>
    public void Take(InputReader input, ScoredBatch other, int otherRow)
    {
        input.CopyTo(buffers, Count, out _ids[Count], out _batches[Count]);
        for (var i = 0; i < columns.Length; i++)
            columns[i]?.Swap(Count, other.Column(i)!, otherRow);
    }

    /// <summary>Takes in the row that was read last.</summary>
    public void Keep() => Count++;

    /// <summary>Scores on the thread pool.</summary>
    public void BeginScoring() => _scoring = Task.Run(() =>
    {
        if (!_abandoned)
            buffers.Run(Count);
    });

    /// <summary>Waits until the batch is scored; scores on this thread if <see cref="BeginScoring"/> was not called.</summary>
    public void EndScoring()
    {
        // To take the work from the pool when it has not begun proved slower: both threads wake for it.
        if (_scoring == null)
            buffers.Run(Count);
        else
            _scoring.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // The native memory must outlive a run that is under way; how that run ends matters to nobody any more.
        _abandoned = true;
        if (_scoring != null)
            Task.WhenAny(_scoring).Wait();
        buffers.Dispose();
    }
}
