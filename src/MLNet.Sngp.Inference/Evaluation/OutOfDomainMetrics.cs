using System.Collections.ObjectModel;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>
/// How well one column of uncertainty tells rows from outside the training domain from rows inside it.
/// Out-of-domain is the positive class throughout, and a larger value means "more likely outside".
/// </summary>
/// <remarks>
/// <para>Source: Hendrycks and Gimpel (arXiv 1610.02136) for the three measures; Hanley and McNeil (1982) for AUROC
/// as a rank statistic.</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class OutOfDomainMetrics
{
    private OutOfDomainMetrics(
        ReadOnlySpan<double> inDomain, ReadOnlySpan<double> outOfDomain, string? columnName, IReadOnlyDictionary<string, double> areas,
        (double FalseAlarms, double Detections)? rates)
    {
        ColumnName = columnName;
        AreaUnderRocCurveByColumn = areas;
        (FalseAlarmRate, DetectionRate) = (rates?.FalseAlarms, rates?.Detections);
        UnscoredInDomainCount = inDomain.Length;
        UnscoredOutOfDomainCount = outOfDomain.Length;
        inDomain = Scored(inDomain, "in-domain", nameof(inDomain));
        outOfDomain = Scored(outOfDomain, "out-of-domain", nameof(outOfDomain));
        UnscoredInDomainCount -= inDomain.Length;
        UnscoredOutOfDomainCount -= outOfDomain.Length;
        DetectionCounts counts = DetectionCounts.Of(inDomain, outOfDomain);
        InDomainCount = inDomain.Length;
        OutOfDomainCount = outOfDomain.Length;
        AreaUnderRocCurve = counts.AreaUnderRocCurve();
        AreaUnderPrecisionRecallCurve = counts.AveragePrecision();
        FalsePositiveRateAt95TruePositiveRate = counts.FalsePositiveRateAt95TruePositiveRate();
        InDomainMean = Mean(inDomain);
        OutOfDomainMean = Mean(outOfDomain);
    }

    /// <summary>The column that was judged; <see langword="null"/> where the scores were given as numbers.</summary>
    public string? ColumnName { get; }

    /// <summary>The number of in-domain rows that the metrics are taken over.</summary>
    public int InDomainCount { get; }

    /// <summary>The number of out-of-domain rows that the metrics are taken over.</summary>
    public int OutOfDomainCount { get; }

    /// <summary>The number of in-domain rows left out because their value is NaN, as it is where a feature is missing.</summary>
    public int UnscoredInDomainCount { get; }

    /// <summary>The number of out-of-domain rows left out because their value is NaN.</summary>
    public int UnscoredOutOfDomainCount { get; }

    /// <summary>
    /// AUROC: P(out &gt; in) + ½·P(out = in) over all pairs of one out-of-domain and one in-domain row (ties by
    /// mid-ranks, exact). 0 to 1; higher is better; 0.5 is chance, below 0.5 the order is the wrong way round.
    /// </summary>
    public double AreaUnderRocCurve { get; }

    /// <summary>
    /// AUPR as average precision: Σ_t (recall_t − recall_{t−1})·precision_t over the distinct values from the largest
    /// on, tied rows counted together. Above 0 to 1; higher is better; chance is the share of out-of-domain rows.
    /// </summary>
    public double AreaUnderPrecisionRecallCurve { get; }

    /// <summary>
    /// The share of in-domain rows that are flagged when the threshold is the largest observed value that flags at
    /// least 95 % of the out-of-domain rows (flagged: value ≥ threshold). 0 to 1; lower is better.
    /// </summary>
    public double FalsePositiveRateAt95TruePositiveRate { get; }

    /// <summary>
    /// AUROC by each column that both tables have of <c>Variance</c>, <c>EnsembleVariance</c>, <c>Uncertainty</c> and <c>Novelty</c> (of
    /// which small means far outside). Empty where the scores were given as numbers.
    /// </summary>
    public IReadOnlyDictionary<string, double> AreaUnderRocCurveByColumn { get; }

    /// <summary>
    /// The share of in-domain rows that <c>IsNovel</c> calls novel, 0 to 1; lower is better. <see langword="null"/> where a table has no
    /// such
    /// column.
    /// </summary>
    public double? FalseAlarmRate { get; }

    /// <summary>
    /// The share of out-of-domain rows that <c>IsNovel</c> calls novel, 0 to 1; higher is better. <see langword="null"/> where a table has
    /// no
    /// such column.
    /// </summary>
    public double? DetectionRate { get; }

    /// <summary>The mean of the column over the in-domain rows.</summary>
    public double InDomainMean { get; }

    /// <summary>The mean of the column over the out-of-domain rows.</summary>
    public double OutOfDomainMean { get; }

    /// <summary>The metrics of scores that are at hand as numbers.</summary>
    /// <param name="inDomain">The scores of in-domain rows, larger meaning further outside. NaN is left out and counted.</param>
    /// <param name="outOfDomain">The scores of out-of-domain rows. NaN is left out and counted.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">There are no scores of a kind, or all are NaN.</exception>
    public static OutOfDomainMetrics Compute(ReadOnlySpan<double> inDomain, ReadOnlySpan<double> outOfDomain)
        => new(inDomain, outOfDomain, columnName: null, ReadOnlyDictionary<string, double>.Empty, rates: null);

    internal static OutOfDomainMetrics Compute(
        ReadOnlySpan<double> inDomain, ReadOnlySpan<double> outOfDomain, string columnName, IReadOnlyDictionary<string, double> areas,
        (double FalseAlarms, double Detections)? rates) => new(inDomain, outOfDomain, columnName, areas, rates);

    // NaN cannot be ranked.
    private static double[] Scored(ReadOnlySpan<double> values, string kind, string parameter)
    {
        double[] scored = [.. values.ToArray().Where(value => !double.IsNaN(value))];
        if (scored.Length > 0)
            return scored;
        throw new ArgumentException(
            values.IsEmpty
                ? $"There is no {kind} row; at least one is needed."
                : $"The score of every {kind} row is NaN. Replace missing feature values before scoring.", parameter);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }
}
