using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// Goes through a table and scores it in batches. While the caller is at one batch, the next ones are read and scored on other threads.
/// </summary>
/// <remarks>Everything that concerns the input happens on the caller's thread.</remarks>
internal sealed class BatchCursor : ScoredRowCursor
{
    // A caller that wants a few rows should not wait for a thousand: batches start small and grow.
    private const int FirstBatch = 64;
    private const int Growth = 4;

    private readonly InputReader _reader;
    private readonly ColumnBuffer?[] _columns;
    private readonly Func<ScoredBatch> _create;
    private readonly int[] _activeOutputs;
    private readonly IReadOnlyList<OutputColumn> _outputs;
    private readonly int _readAhead;
    private readonly Queue<ScoredBatch> _ahead = new();
    private readonly Stack<ScoredBatch> _spare = new();
    private ScoredBatch? _current;
    private int _row = -1;
    private int _size = FirstBatch;
    private bool _inputEnded;
    private bool _disposed;

    /// <param name="input">A cursor over the input with the feature column and the active columns of the input.</param>
    /// <param name="schema">The output's columns.</param>
    /// <param name="active">Which of them are active; at least one of the model's.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="readAhead">The number of batches to score ahead of the caller.</param>
    public BatchCursor(DataViewRowCursor input, ScoredSchema schema, bool[] active, OnnxScorer scorer, int readAhead)
        : base(input, schema, active)
    {
        _reader = new InputReader(input, schema.FeatureColumn);
        _readAhead = readAhead;
        _activeOutputs = schema.ActiveOutputs(active);
        _outputs = [.. _activeOutputs.Select(i => scorer.Model.Outputs[i])];
        var capacity = Capacity(scorer.Model.NumberOfFeatures + _outputs.Sum(output => output.Width), scorer.Model.LargestValue);
        _columns = [.. Enumerable.Range(0, active.Length)
            .Select(i => active[i] && schema.InputOf(i) >= 0 ? ColumnBuffer.Create(input, input.Schema[schema.InputOf(i)]) : null)];
        _create = () =>
            new ScoredBatch(new ScoringBuffers(scorer, _outputs, capacity), [.. _columns.Select(column => column?.WithCapacity(capacity))]);
    }

    public override long Batch
    {
        get
        {
            RequireRow();
            return _current!.InputBatch(_row);
        }
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RequireRow();
        id = _current!.Id(_row);
    };

    /// <summary>The number of rows in a batch: enough to spread the cost of a run, few enough to stay in a processor's cache.</summary>
    /// <param name="numbersPerRow">What a row takes in and gives.</param>
    /// <param name="largestValue">What it takes on its way: no more than 64 MB of one value at once.</param>
    internal static int Capacity(int numbersPerRow, long largestValue = 1) =>
        (int)Math.Clamp(Math.Min((1 << 20) / Math.Max(1, numbersPerRow), (1 << 24) / Math.Max(1, largestValue)), 1, 256);

    protected override bool MoveNextCore()
    {
        if (_current != null && ++_row < _current.Count)
            return true;
        while (NextBatch())
        {
            _row = 0;
            if (_current!.Count > 0)
                return true;
        }
        return false;
    }

    protected override Delegate GetGetterCore(DataViewSchema.Column column)
    {
        var output = Columns.OutputOf(column.Index);
        if (output >= 0)
        {
            var index = Array.IndexOf(_activeOutputs, output);
            return OutputGetters.Create(_outputs[index], index, Locate);
        }
        return _columns[column.Index]!.CreateGetter((out int row) =>
        {
            RequireRow();
            row = _row;
            return _current!.Column(column.Index)!;
        });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            foreach (var batch in _ahead.Concat(_spare))
                batch.Dispose();
            _current?.Dispose();
        }
        base.Dispose(disposing);
    }

    private ScoringBuffers Locate(out int row)
    {
        RequireRow();
        row = _row;
        return _current!.Buffers;
    }

    // The first batch is read and scored on the spot; nothing is read ahead before the caller has gone through it.
    private bool NextBatch()
    {
        var isFirst = _current == null;
        var failure = _current?.Failure;
        if (_current != null)
            _spare.Push(_current);
        _current = null;
        failure?.Throw();
        if (isFirst)
        {
            _current = ReadBatch();
            _current.Score();
            return true;
        }
        ReadAhead();
        if (!_ahead.TryDequeue(out _current))
            return false;
        ReadAhead();
        _current.EndScoring();
        return true;
    }

    private void ReadAhead()
    {
        while (!_inputEnded && _ahead.Count < _readAhead)
        {
            var batch = ReadBatch();
            batch.BeginScoring();
            _ahead.Enqueue(batch);
        }
    }

    private ScoredBatch ReadBatch()
    {
        if (!_spare.TryPop(out var batch))
            batch = _create();
        var size = Math.Min(_size, batch.Buffers.Capacity);
        _size = Math.Min(size * Growth, batch.Buffers.Capacity);
        _inputEnded = batch.Read(_reader, size);
        return batch;
    }
}
