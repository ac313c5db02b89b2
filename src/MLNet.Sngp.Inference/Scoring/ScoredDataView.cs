using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>A table with the columns of a model added. Lazy: rows are scored when a cursor comes to them.</summary>
internal sealed class ScoredDataView : IDataView
{
    private readonly IDataView _input;
    private readonly RowScorer _scorer;
    private readonly ScoredSchema _schema;

    public ScoredDataView(IDataView input, RowScorer scorer)
    {
        _input = input;
        _scorer = scorer;
        _schema = scorer.AddTo(input.Schema);
    }

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema => _schema.Schema;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _schema.Activate(columnsNeeded);
        var input = _input.GetRowCursor(_schema.InputColumns(active), rand);
        return Wrap(input, active, _scorer.ReadAhead);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _schema.Activate(columnsNeeded);
        var inputs = _input.GetRowCursorSet(_schema.InputColumns(active), n, rand);

        // The cursors of a set are gone through on threads of their own.
        var readAhead = Math.Max(1, _scorer.ReadAhead / inputs.Length);
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
