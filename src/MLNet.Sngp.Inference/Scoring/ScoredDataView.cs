using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>A table with the columns of a model added. Lazy: rows are scored when a cursor comes to them.</summary>
internal sealed class ScoredDataView : IDataView
{
    // Enough to keep every core busy, without holding a whole table in memory on a machine with many.
    private static readonly int ReadAhead = Math.Clamp(Environment.ProcessorCount, 1, 8);

    private readonly IDataView _input;
    private readonly OnnxScorer _scorer;
    private readonly ScoredSchema _schema;

    public ScoredDataView(IDataView input, OnnxScorer scorer)
    {
        _input = input;
        _scorer = scorer;
        _schema = new ScoredSchema(input.Schema, scorer.Model);
    }

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema => _schema.Schema;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _schema.Activate(columnsNeeded);
        var input = _input.GetRowCursor(_schema.InputColumns(active), rand);
        return Wrap(input, active, ReadAhead);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _schema.Activate(columnsNeeded);
        var inputs = _input.GetRowCursorSet(_schema.InputColumns(active), n, rand);

        // The cursors of a set are gone through on threads of their own.
        var readAhead = Math.Max(1, ReadAhead / inputs.Length);
        return Array.ConvertAll(inputs, input => Wrap(input, active, readAhead));
    }

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active, int readAhead)
    {
        try
        {
            return _schema.IsScored(active)
                ? new BatchCursor(input, _schema, active, _scorer, readAhead, _input.GetRowCount())
                : new PassThroughCursor(input, _schema, active);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
