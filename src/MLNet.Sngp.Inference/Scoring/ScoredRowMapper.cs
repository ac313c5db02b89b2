using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Scores rows one at a time, for prediction engines.</summary>
internal sealed class ScoredRowMapper : IRowToRowMapper
{
    private readonly RowScorer _scorer;
    private readonly ScoredSchema _schema;

    public ScoredRowMapper(DataViewSchema inputSchema, RowScorer scorer)
    {
        _scorer = scorer;
        _schema = scorer.AddTo(inputSchema);
    }

    public DataViewSchema InputSchema => _schema.Input;

    public DataViewSchema OutputSchema => _schema.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _schema.InputColumns(_schema.Activate(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row is of another schema than the mapper was made for.", nameof(input));
        return new ScoredRow(input, _schema, _schema.Activate(activeColumns), _scorer);
    }
}
