using Microsoft.ML;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>
/// Chooses, on scored data with known labels, up to which uncertainty a model answers. Made by <c>mlContext.Sngp().Abstain(…)</c>.
/// </summary>
/// <remarks>Immutable and safe for use by several threads.</remarks>
public sealed class AbstainEstimator : IEstimator<AbstainTransformer>
{
    private readonly SngpCatalog _catalog;
    private readonly double? _maximumRisk;
    private readonly double? _minimumCoverage;
    private readonly string _columnName;
    private readonly string _labelColumnName;
    private readonly string _scoreColumnName;

    internal AbstainEstimator(
        SngpCatalog catalog,
        double? maximumRisk,
        double? minimumCoverage,
        string columnName,
        string labelColumnName,
        string scoreColumnName)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        if (maximumRisk.HasValue == minimumCoverage.HasValue)
            throw new ArgumentException("Give either a maximum risk or a minimum coverage.");
        if (maximumRisk is { } risk)
            AbstentionRule.RequireShare(risk, nameof(maximumRisk));
        if (minimumCoverage is { } coverage)
            AbstentionRule.RequireShare(coverage, nameof(minimumCoverage));
        (_catalog, _maximumRisk, _minimumCoverage) = (catalog, maximumRisk, minimumCoverage);
        (_columnName, _labelColumnName, _scoreColumnName) = (columnName, labelColumnName, scoreColumnName);
    }

    /// <summary>Chooses the threshold.</summary>
    /// <param name="input">Scored rows with known labels, not used in training.</param>
    /// <returns>The transformer, with the threshold and its risk and coverage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column is of a wrong type; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is nothing to evaluate, a row holds numbers that are no probabilities, or no threshold reaches the risk.
    /// </exception>
    public AbstainTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(ColumnShapes.Of(input.Schema));
        ScoredRows rows = ScoredRowReader.Read(input, _labelColumnName, _scoreColumnName, _columnName);
        _catalog.WarnOfUnscored("Abstain", rows.UnscoredRowCount, $"Rows whose probabilities or '{_columnName}' are NaN");
        RiskCoverage curve = new UncertaintyMetrics(rows, numberOfBins: 1).RiskCoverage;
        RiskCoveragePoint point = _maximumRisk is { } risk
            ? AbstentionRule.ForMaximumRisk(curve, risk)
            : AbstentionRule.ForMinimumCoverage(curve, _minimumCoverage!.Value);
        return new AbstainTransformer(_catalog.Context, _columnName, point, rows.UnscoredRowCount);
    }

    /// <summary>Gives the columns of <paramref name="inputSchema"/> and <c>Defer</c>.</summary>
    /// <param name="inputSchema">The columns of scored data.</param>
    /// <returns>The columns with the Boolean <c>Defer</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column is of a wrong type; the message says what to do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Check(ColumnShapes.Of(inputSchema));
        var defer = _catalog.Context.Transforms.CustomMapping<NoColumns, DeferMapping.Output>((_, _) => { }, contractName: null)
            .GetOutputSchema(new SchemaShape([]));
        return new SchemaShape(inputSchema.Where(column => column.Name != nameof(DeferMapping.Output.Defer)).Concat(defer));
    }

    private void Check(ColumnShapes columns)
    {
        ClassProbabilities.Check(columns, _labelColumnName, _scoreColumnName);
        EvaluationColumns.CheckSingle(columns, "uncertainty", _columnName);
    }

    private sealed class NoColumns;
}
