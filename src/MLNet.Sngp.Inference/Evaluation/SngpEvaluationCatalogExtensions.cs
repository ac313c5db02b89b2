using MLNet.Sngp;
using MLNet.Sngp.Evaluation;

namespace Microsoft.ML;

/// <summary>Evaluation of scored data, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpEvaluationCatalogExtensions
{
    // From what says most of the distance from the training data to what says least. Not every method has each.
    private static readonly string[] Uncertainties = [ColumnNames.Variance, ColumnNames.EnsembleVariance, ColumnNames.Uncertainty];

    /// <summary>Accuracy, calibration and risk-coverage of scored data with known labels.</summary>
    /// <remarks>
    /// Works on the output of any multiclass trainer whose score column holds probabilities, and of any calibrated binary
    /// trainer. Rows whose label is missing (among them labels that training did not see) are left out and counted, as are rows whose
    /// probabilities or uncertainty are NaN because a feature is missing; the log has a warning of those.
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="scored">The scored data.</param>
    /// <param name="labelColumnName">The column of labels: Key&lt;UInt32&gt;, numbered as the model's classes are, or Boolean.</param>
    /// <param name="scoreColumnName">
    /// The column of probabilities: Vector&lt;Single, K&gt;; for a Boolean label Single, the probability of true, and
    /// <c>Score</c> then stands for <c>Probability</c>.
    /// </param>
    /// <param name="uncertaintyColumnName">
    /// The column that orders rows for <see cref="UncertaintyMetrics.RiskCoverage"/>, for instance <c>Variance</c>;
    /// a vector counts as its mean. <see langword="null"/> (default): the normalised entropy of the probabilities,
    /// which is what <c>Uncertainty</c> holds.
    /// </param>
    /// <param name="numberOfBins">The number of bins of the reliability diagrams, at least 1.</param>
    /// <returns>The metrics; with <see cref="UncertaintyMetrics.PredictionSets"/> where the data has a column
    /// <c>PredictionSet</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or there is no bin.</exception>
    /// <exception cref="ArgumentException">A column is of a wrong type; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to evaluate, or a row holds numbers that are no
    /// probabilities.</exception>
    public static UncertaintyMetrics Evaluate(
        this SngpCatalog catalog,
        IDataView scored,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string? uncertaintyColumnName = null,
        int numberOfBins = 15)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfBins, 1);
        ScoredRows rows = ScoredRowReader.Read(scored, labelColumnName, scoreColumnName, uncertaintyColumnName);
        catalog.WarnOfUnscored(nameof(Evaluate), rows.UnscoredRowCount, "Rows whose probabilities or uncertainty are NaN");
        return new UncertaintyMetrics(rows, numberOfBins, SetMetrics.TryRead(scored, labelColumnName));
    }

    /// <summary>Error, density and intervals of a scored regression with known labels.</summary>
    /// <remarks>Rows whose label or scores are not finite are left out and counted; the log has a warning of those.</remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="scored">The scored data, of a model that <c>Regression</c> trained.</param>
    /// <param name="labelColumnName">The column of labels: Single or Double.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column is of a wrong type; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to evaluate.</exception>
    public static IntervalMetrics EvaluateIntervals(this SngpCatalog catalog, IDataView scored, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        var metrics = IntervalMetrics.Read(scored, labelColumnName);
        catalog.WarnOfUnscored(nameof(EvaluateIntervals), metrics.UnscoredRowCount, "Rows whose label or scores are not finite");
        return metrics;
    }

    /// <summary>How well a column tells out-of-domain rows from in-domain rows. No labels are needed.</summary>
    /// <remarks>Rows whose value is NaN, because a feature is missing, are left out and counted; the log has a warning of those.</remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="inDomain">Scored rows like those that the model was trained on.</param>
    /// <param name="outOfDomain">Scored rows from elsewhere: the positive class.</param>
    /// <param name="columnName">
    /// The column to judge, in both: Single or Double, larger meaning further outside. A vector, such as
    /// <c>Variance</c> under per-class covariance, counts as the mean over its slots. <see langword="null"/> (default): <c>Variance</c>
    /// where the data has it, else <c>EnsembleVariance</c>, else <c>Uncertainty</c>; <see cref="OutOfDomainMetrics.ColumnName"/> says
    /// which. Of <c>Novelty</c> small means outside: its values count from 1 down.
    /// </param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing in one of them.</exception>
    /// <exception cref="ArgumentException">
    /// The column is of a wrong type, or there are no rows with a number; the message says what to do.
    /// </exception>
    public static OutOfDomainMetrics EvaluateOutOfDomain(
        this SngpCatalog catalog, IDataView inDomain, IDataView outOfDomain, string? columnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(inDomain);
        ArgumentNullException.ThrowIfNull(outOfDomain);
        columnName ??= Array.Find(Uncertainties, name => Has(inDomain, name) || Has(outOfDomain, name)) ?? ColumnNames.Uncertainty;
        // Both, before rows of either are read.
        NumberColumn.Find(outOfDomain, "uncertainty", columnName);
        var metrics = OutOfDomainMetrics.Compute(
            ScoredRowReader.ReadNumbers(inDomain, columnName), ScoredRowReader.ReadNumbers(outOfDomain, columnName), columnName,
            DetectionByColumn.Areas(inDomain, outOfDomain, [.. Uncertainties, ColumnNames.Novelty]),
            DetectionByColumn.Rates(inDomain, outOfDomain));
        catalog.WarnOfUnscored(
            nameof(EvaluateOutOfDomain), metrics.UnscoredInDomainCount, $"In-domain rows with NaN in column '{columnName}'");
        catalog.WarnOfUnscored(
            nameof(EvaluateOutOfDomain), metrics.UnscoredOutOfDomainCount, $"Out-of-domain rows with NaN in column '{columnName}'");
        return metrics;
    }

    private static bool Has(IDataView data, string name) => data.Schema.GetColumnOrNull(name) != null;
}
