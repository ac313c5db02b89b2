using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Goes through a table and its scores. While the caller is at one batch, the next are read and scored on other threads.</summary>
internal sealed class BatchCursor : ScoredRowCursor
{
    private readonly BatchReader _reader;
    private readonly ColumnBuffer?[] _columns;
    private readonly int[] _activeOutputs;
    private readonly IReadOnlyList<OutputColumn> _outputs;
    private int _row = -1;

    /// <param name="input">A cursor over the input with the feature column and the active columns of the input.</param>
    /// <param name="schema">The output's columns.</param>
    /// <param name="active">Which of them are active; at least one of the model's.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="readAhead">The number of batches to score ahead of the caller.</param>
    /// <param name="rows">The number of the table's rows, if that is known; at least those of this cursor.</param>
    public BatchCursor(DataViewRowCursor input, ScoredSchema schema, bool[] active, OnnxScorer scorer, int readAhead, long? rows)
        : base(input, schema, active)
    {
        _activeOutputs = schema.ActiveOutputs(active);
        _outputs = [.. _activeOutputs.Select(i => scorer.Model.Outputs[i])];
        var capacity = Capacity(scorer.Model.NumberOfFeatures + _outputs.Sum(output => output.Width), scorer.Model.LargestValue);
        _columns = [.. Enumerable.Range(0, active.Length)
            .Select(i => active[i] && schema.InputOf(i) >= 0 ? ColumnBuffer.Create(input, input.Schema[schema.InputOf(i)]) : null)];
        _reader = new BatchReader(input, new InputReader(input, schema.FeatureColumn), rows, Create, capacity, readAhead);

        ScoredBatch Create(int rows) =>
            new(new ScoringBuffers(scorer, _outputs, rows), [.. _columns.Select(column => column?.WithCapacity(rows))]);
    }

    public override long Batch
    {
        get
        {
            RequireRow();
            return _reader.Current!.InputBatch(_row);
        }
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RequireRow();
        id = _reader.Current!.Id(_row);
    };

    /// <summary>The number of rows in a batch: enough to spread the cost of a run, few enough to stay in a processor's cache.</summary>
    /// <param name="numbersPerRow">What a row takes in and gives.</param>
    /// <param name="largestValue">What it takes on its way: no more than 64 MB of one value at once.</param>
    internal static int Capacity(int numbersPerRow, long largestValue = 1) =>
        (int)Math.Clamp(Math.Min((1 << 20) / Math.Max(1, numbersPerRow), (1 << 24) / Math.Max(1, largestValue)), 1, 256);

    protected override bool MoveNextCore()
    {
        if (++_row < _reader.Current?.Count)
            return true;
        _row = 0;
        return _reader.MoveNext();
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
            return _reader.Current!.Column(column.Index)!;
        });
    }

    protected override void DisposeInput() => _reader.Dispose();

    private ScoringBuffers Locate(out int row)
    {
        RequireRow();
        row = _row;
        return _reader.Current!.Buffers;
    }
}
