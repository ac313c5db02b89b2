using Microsoft.ML;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>How good a regression's distributions and intervals are. Immutable.</summary>
/// <remarks>Of a label y the model says a normal distribution with mean μ = <c>Score</c> and variance s² = <c>Variance</c> +
/// <c>NoiseVariance</c>, or <c>NoiseVariance</c> alone of a model without the other; z = (y − μ)/s.</remarks>
public sealed class IntervalMetrics
{
    private IntervalMetrics(IReadOnlyList<(double Label, double Mean, double Deviation, double Lower, double Upper)> rows, int unscored)
    {
        (Count, UnscoredRowCount) = (rows.Count, unscored);
        RootMeanSquaredError = Math.Sqrt(rows.Average(row => Math.Pow(row.Label - row.Mean, 2)));
        LogLoss = rows.Average(row => Math.Log(row.Deviation) + (Math.Log(2 * Math.PI) / 2)
            + (Math.Pow((row.Label - row.Mean) / row.Deviation, 2) / 2));
        ContinuousRankedProbabilityScore =
            rows.Average(row => row.Deviation * Score(Math.Abs(row.Label - row.Mean) / row.Deviation));
        Coverage = rows.Average(row => row.Label >= row.Lower && row.Label <= row.Upper ? 1.0 : 0);
        MeanWidth = rows.Average(row => row.Upper - row.Lower);
    }

    /// <summary>The number of rows with a label that the model has numbers for.</summary>
    public int Count { get; }

    /// <summary>The number of rows left out because the label or what the model gives is not finite.</summary>
    public int UnscoredRowCount { get; }

    /// <summary>√(mean of (y − μ)²), in the label's unit; lower is better.</summary>
    public double RootMeanSquaredError { get; }

    /// <summary>The mean of log s + ½ log 2π + ½z²: the negative logarithm of the density, in nats; lower is better.</summary>
    public double LogLoss { get; }

    /// <summary>The mean of s·(z(2Φ(z) − 1) + 2φ(z) − 1/√π), in the label's unit; at least 0, lower is better.</summary>
    /// <remarks>Gneiting and Raftery 2007, equation 21.</remarks>
    public double ContinuousRankedProbabilityScore { get; }

    /// <summary>The share of labels between <c>Lower</c> and <c>Upper</c>. 0 to 1; what was asked of the intervals, but for
    /// chance.</summary>
    public double Coverage { get; }

    /// <summary>The mean of <c>Upper</c> − <c>Lower</c>, in the label's unit; lower is better at the same coverage.</summary>
    public double MeanWidth { get; }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to evaluate.</exception>
    internal static IntervalMetrics Read(IDataView scored, string labelColumnName)
    {
        var hasVariance = scored.Schema.GetColumnOrNull(ColumnNames.Variance) is not null;
        string[] names = [ColumnNames.Score, ColumnNames.NoiseVariance, ColumnNames.Lower, ColumnNames.Upper];
        DataViewSchema.Column[] columns = [NumberColumn.Find(scored, "label", labelColumnName),
            .. names.Concat(hasVariance ? [ColumnNames.Variance] : []).Select(name => NumberColumn.Find(scored, "regression", name))];
        var (rows, unscored) = (new List<(double, double, double, double, double)>(), 0);
        foreach (var values in NumberColumn.Rows(scored, columns))
        {
            if (Array.TrueForAll(values, double.IsFinite))
                rows.Add((values[0], values[1], Math.Sqrt(values[2] + (hasVariance ? values[5] : 0)), values[3], values[4]));
            else
                unscored++;
        }
        return rows.Count > 0 ? new IntervalMetrics(rows, unscored) : throw new InvalidOperationException(
            $"There is no row to evaluate: of {unscored} rows the label in column '{labelColumnName}' or what the model gives is not "
            + "finite. Replace missing feature values before scoring, and give rows with labels.");
    }

    // Of the standard normal distribution.
    private static double Score(double z) =>
        (z * NormalDistribution.Within(z)) + (2 * NormalDistribution.Density(z)) - (1 / Math.Sqrt(Math.PI));
}
