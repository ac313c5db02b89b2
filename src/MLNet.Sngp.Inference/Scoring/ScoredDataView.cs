using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>A table with the columns of a model added. Lazy: rows are scored when a cursor comes to them.</summary>
internal sealed class ScoredDataView : IDataView
{
    // Enough to keep every core busy, without holding a whole table in memory on a machine with many.
    private static readonly int ReadAhead = Math.Clamp(Environment.ProcessorCount, 1, 8);

    private readonly IDataView _input;
    private readonly OnnxScorer _scorer;
    private readonly DataViewSchema.Column _featureColumn;

    public ScoredDataView(IDataView input, OnnxScorer scorer)
    {
        _input = input;
        _scorer = scorer;
        _featureColumn = FeatureColumn.Find(input.Schema, scorer.Model.FeatureColumnName, scorer.Model.NumberOfFeatures);
        Schema = OutputSchema.Create(input.Schema, scorer.Model);
    }

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var input = _input.GetRowCursor(InputColumns(active), rand);
        return Wrap(input, active, ReadAhead);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var inputs = _input.GetRowCursorSet(InputColumns(active), n, rand);

        // The cursors of a set are gone through on threads of their own.
        var readAhead = Math.Max(1, ReadAhead / inputs.Length);
        return Array.ConvertAll(inputs, input => Wrap(input, active, readAhead));
    }

    private bool IsScored(bool[] active) => active.AsSpan(_input.Schema.Count).Contains(true);

    private IEnumerable<DataViewSchema.Column> InputColumns(bool[] active) =>
        ActiveColumns.ToInput(_input.Schema, active, IsScored(active) ? _featureColumn : null);

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active, int readAhead)
    {
        try
        {
            return IsScored(active)
                ? new BatchCursor(input, Schema, active, _scorer, _featureColumn, readAhead)
                : new PassThroughCursor(input, Schema, active);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
