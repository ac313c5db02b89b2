using Microsoft.ML;

namespace MLNet.Sngp.Data;

/// <summary>The rows of a training table that is too large for memory. Each pass reads it with a cursor of its own.</summary>
/// <remarks>A pass checks all rows that it reads, and that the table still has as many.</remarks>
internal sealed class StreamedRows : RowSource
{
    private readonly IDataView _input;
    private readonly TrainingColumns _columns;
    private readonly CancellationToken _cancellation;
    private TrainingTable? _spareBuffer;

    /// <param name="input">The table.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="numberOfRows">n, as counted.</param>
    /// <param name="maximumRowsInMemory">How many rows may be in memory.</param>
    /// <param name="buffer">Room for as many rows, which is taken over; null to make it when it is needed.</param>
    /// <param name="cancellation">Stops a pass.</param>
    public StreamedRows(IDataView input, TrainingColumns columns, long numberOfRows, int maximumRowsInMemory, TrainingTable? buffer,
        CancellationToken cancellation)
        : base(columns.NumberOfFeatures, columns.Weight != null)
    {
        NumberOfRows = numberOfRows;
        MaximumRowsInMemory = maximumRowsInMemory;
        _input = input;
        _columns = columns;
        _spareBuffer = buffer;
        _cancellation = cancellation;
    }

    public override long NumberOfRows { get; }

    public override bool IsInMemory => false;

    /// <summary>The length of the shuffle buffer.</summary>
    public int MaximumRowsInMemory { get; }

    public override RowPass InOrder() => new StreamedPass(this, Open());

    public override RowPass Shuffled(int seed, int epoch) =>
        new ShuffledPass(this, Open(), new SeededRandom(seed, RandomPurpose.RowOrder, epoch));

    public override RowPass Sample(int count, int seed) =>
        NumberOfRows <= count ? InOrder() : new SampledPass(this, Open(), count, new SeededRandom(seed, RandomPurpose.KernelScale));

    /// <summary>An empty table, of which the caller fills no more than <see cref="MaximumRowsInMemory"/> rows and which it gives
    /// back.</summary>
    public TrainingTable Rent()
    {
        var buffer = Interlocked.Exchange(ref _spareBuffer, null)
            ?? new TrainingTable(NumberOfFeatures, HasWeights, MaximumRowsInMemory);
        buffer.Clear();
        return buffer;
    }

    /// <summary>Takes back a table for the next pass.</summary>
    public void Return(TrainingTable buffer) => _spareBuffer = buffer;

    private TrainingRowCursor Open() => new(_input, _columns, _cancellation);
}
