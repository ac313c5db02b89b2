using MLNet.Sngp;
using MLNet.Sngp.Evaluation;

namespace Microsoft.ML;

/// <summary>Evaluation of scored data, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpEvaluationCatalogExtensions
{
    /// <summary>Accuracy, calibration and risk-coverage of scored data with known labels.</summary>
    /// <remarks>
    /// Works on the output of any multiclass trainer whose score column holds probabilities. Rows whose label is
    /// missing (among them labels that training did not see) are left out and counted.
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="scored">The scored data.</param>
    /// <param name="labelColumnName">The column of labels: Key&lt;UInt32&gt;, numbered as the model's classes are.</param>
    /// <param name="scoreColumnName">The column of probabilities: Vector&lt;Single, K&gt;.</param>
    /// <param name="uncertaintyColumnName">
    /// The column that orders rows for <see cref="UncertaintyMetrics.RiskCoverage"/>, for instance <c>Variance</c>;
    /// a vector counts as its mean. <see langword="null"/> (default): the normalised entropy of the probabilities,
    /// which is what <c>Uncertainty</c> holds.
    /// </param>
    /// <param name="numberOfBins">The number of bins of the reliability diagrams, at least 1.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to evaluate, or a row holds no probabilities.</exception>
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
        return new UncertaintyMetrics(rows, numberOfBins);
    }

    /// <summary>How well a column tells out-of-domain rows from in-domain rows. No labels are needed.</summary>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="inDomain">Scored rows like those that the model was trained on.</param>
    /// <param name="outOfDomain">Scored rows from elsewhere: the positive class.</param>
    /// <param name="columnName">
    /// The column to judge, in both: Single or Double, larger meaning further outside. A vector, such as
    /// <c>Variance</c> under per-class covariance, counts as the mean over its slots.
    /// </param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">
    /// A column is absent or of a wrong type, holds NaN, or there are no rows; the message says what to do.
    /// </exception>
    public static OutOfDomainMetrics EvaluateOutOfDomain(
        this SngpCatalog catalog, IDataView inDomain, IDataView outOfDomain, string columnName = "Variance")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(inDomain);
        ArgumentNullException.ThrowIfNull(outOfDomain);
        return OutOfDomainMetrics.Compute(
            ScoredRowReader.ReadNumbers(inDomain, columnName), ScoredRowReader.ReadNumbers(outOfDomain, columnName));
    }
}
