using MLNet.Sngp.Benchmarks.RealTables;

namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary>A method on a table: means over the seeds. What a method does not know is null.</summary>
/// <param name="Table">The table.</param>
/// <param name="Method">The method.</param>
/// <param name="Rmse">Root mean squared error of the test rows, in the label's units.</param>
/// <param name="Nll">Their mean negative logarithm of the predictive density, in nats.</param>
/// <param name="AurocNoise">Test rows against noise, by the variance of the mean.</param>
/// <param name="Coverage">The share of test labels within the intervals of 0.9.</param>
/// <param name="Width">The mean width of these, in the label's units.</param>
/// <param name="TrainSeconds">What training takes.</param>
internal sealed record RegressionResult(string Table, string Method, double Rmse, double? Nll, double? AurocNoise, double? Coverage,
    double? Width, double TrainSeconds)
{
    // Half of an interval of 0.9, in standard deviations.
    private const double Reach = 1.6448536269514722;

    public static RegressionResult Of(
        string table, string method, RegressionSplit split, Func<RegressionSplit.Row[], RegressionScores> score,
        double seconds)
    {
        var test = score(split.Test);
        double[] errors = [.. split.Test.Zip(test.Mean, (row, mean) => row.Label - mean)];
        var (nll, coverage, width) = ((double?)null, (double?)null, (double?)null);
        if (test.Total is { } total)
        {
            nll = errors.Zip(total, (error, variance) => 0.5 * (Math.Log(2 * Math.PI * variance) + (error * error / variance))).Average();
            coverage = errors.Zip(total, (error, variance) => Math.Abs(error) <= Reach * Math.Sqrt(variance) ? 1.0 : 0).Average();
            width = total.Average(variance => 2 * Reach * Math.Sqrt(variance));
        }
        double? auroc = test.Variance is null
            ? null
            : OutOfDomainMetrics.Compute(test.Variance, score(split.Noise).Variance!).AreaUnderRocCurve;
        return new(table, method, Math.Sqrt(errors.Average(error => error * error)), nll, auroc, coverage, width, seconds);
    }

    public static RegressionResult Mean(IReadOnlyList<RegressionResult> results) => results[0] with
    {
        Rmse = results.Average(result => result.Rmse),
        Nll = results.Average(result => result.Nll),
        AurocNoise = results.Average(result => result.AurocNoise),
        Coverage = results.Average(result => result.Coverage),
        Width = results.Average(result => result.Width),
        TrainSeconds = results.Average(result => result.TrainSeconds),
    };
}
