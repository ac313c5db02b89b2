namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary>What a method says of rows.</summary>
/// <param name="Mean">The predictions.</param>
/// <param name="Variance">Of the mean; null where the method knows none.</param>
/// <param name="Total">Of a new label; null where the method knows none.</param>
internal sealed record RegressionScores(double[] Mean, double[]? Variance, double[]? Total);
