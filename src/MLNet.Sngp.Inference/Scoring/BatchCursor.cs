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

    /// <param name="input">A cursor over the input with the column that is computed from and the active columns of the input.</param>
    /// <param name="schema">The output's columns.</param>
    /// <param name="active">Which of them are active; at least one of those that are added.</param>
    /// <param name="scorer">What computes them.</param>
    /// <param name="readAhead">The number of batches to score ahead of the caller.</param>
    /// <param name="rows">The number of the table's rows, if that is known; at least those of this cursor.</param>
    public BatchCursor(DataViewRowCursor input, ScoredSchema schema, bool[] active, RowScorer scorer, int readAhead, long? rows)
        : base(input, schema, active)
    {
        _activeOutputs = schema.ActiveOutputs(active);
        _outputs = [.. _activeOutputs.Select(i => scorer.Outputs[i])];
        _columns = [.. Enumerable.Range(0, active.Length)
            .Select(i => active[i] && schema.InputOf(i) >= 0 ? ColumnBuffer.Create(input, input.Schema[schema.InputOf(i)]) : null)];
        _reader = new BatchReader(input, scorer.CreateReader(input, schema.Source), rows, Create, scorer.Capacity(_outputs), readAhead);

        ScoredBatch Create(int rows) =>
            new(scorer.CreateBuffers(_outputs, rows), [.. _columns.Select(column => column?.WithCapacity(rows))]);
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

    private RowBuffers Locate(out int row)
    {
        RequireRow();
        row = _row;
        return _reader.Current!.Buffers;
    }
}
