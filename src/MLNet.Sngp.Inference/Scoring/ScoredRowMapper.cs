using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Scores rows one at a time, for prediction engines.</summary>
internal sealed class ScoredRowMapper : IRowToRowMapper
{
    private readonly OnnxScorer _scorer;
    private readonly DataViewSchema.Column _featureColumn;

    public ScoredRowMapper(DataViewSchema inputSchema, OnnxScorer scorer)
    {
        _scorer = scorer;
        _featureColumn = FeatureColumn.Find(inputSchema, scorer.Model.FeatureColumnName, scorer.Model.NumberOfFeatures);
        InputSchema = inputSchema;
        OutputSchema = Scoring.OutputSchema.Create(inputSchema, scorer.Model);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = ActiveColumns.Of(OutputSchema, dependingColumns);
        return ActiveColumns.ToInput(InputSchema, active, IsScored(active) ? _featureColumn : null);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row is of another schema than the mapper was made for.", nameof(input));
        var active = ActiveColumns.Of(OutputSchema, activeColumns);
        return new ScoredRow(input, OutputSchema, active, IsScored(active) ? _scorer : null, _featureColumn);
    }

    private bool IsScored(bool[] active) => active.AsSpan(InputSchema.Count).Contains(true);
}
