using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Some consecutive rows of the input: read on the caller's thread, then scored on any.</summary>
internal sealed class ScoredBatch : IDisposable
{
    private readonly ColumnBuffer?[] _columns;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly Action _score;
    private Task _scoring = Task.CompletedTask;
    private volatile bool _abandoned;

    public ScoredBatch(ScoringBuffers buffers, ColumnBuffer?[] columns)
    {
        Buffers = buffers;
        _columns = columns;
        _ids = new DataViewRowId[buffers.Capacity];
        _batches = new long[buffers.Capacity];
        _score = () =>
        {
            if (!_abandoned)
                Buffers.Run(Count);
        };
    }

    public ScoringBuffers Buffers { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Why there are no more rows, when the input failed.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public ColumnBuffer? Column(int index) => _columns[index];

    public DataViewRowId Id(int row) => _ids[row];

    public long InputBatch(int row) => _batches[row];

    /// <summary>Reads up to <paramref name="size"/> rows. A failure of the input is kept for when the caller comes to that row.</summary>
    /// <returns>Whether the input has ended.</returns>
    public bool Read(InputReader input, int size)
    {
        Count = 0;
        Failure = null;
        try
        {
            while (Count < size)
            {
                if (!input.MoveNext())
                    return true;
                input.Read(Buffers, Count, out _ids[Count], out _batches[Count]);
                foreach (var column in _columns)
                    column?.Read(Count);
                Count++;
            }
            return false;
        }
        catch (Exception exception)
        {
            Failure = ExceptionDispatchInfo.Capture(exception);
            return true;
        }
    }

    /// <summary>Scores on the thread pool.</summary>
    public void BeginScoring() => _scoring = Count == 0 ? Task.CompletedTask : Task.Run(_score);

    /// <summary>Scores on this thread.</summary>
    public void Score()
    {
        if (Count > 0)
            Buffers.Run(Count);
    }

    /// <summary>Waits until the batch is scored; a batch that no thread has begun with is scored on this one.</summary>
    public void EndScoring() => _scoring.GetAwaiter().GetResult();

    public void Dispose()
    {
        // The native memory must outlive a run that is under way; how that run ends matters to nobody any more.
        _abandoned = true;
        try
        {
            _scoring.Wait();
        }
        catch (AggregateException)
        {
        }
        Buffers.Dispose();
    }
}
