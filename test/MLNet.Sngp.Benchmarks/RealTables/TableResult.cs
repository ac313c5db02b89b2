namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>A method on a table: means over the seeds.</summary>
/// <param name="Table">The table.</param>
/// <param name="Method">The method.</param>
/// <param name="Accuracy">Of the test rows.</param>
/// <param name="LogLoss">Their mean negative logarithm of the class's probability, in nats.</param>
/// <param name="Ece">Their expected calibration error, 15 bins.</param>
/// <param name="AurocNoise">Test rows against noise, by <c>Variance</c>, or 1 − max p where there is none.</param>
/// <param name="AurocNoiseByScore">The same by the probabilities: <c>Uncertainty</c>, or 1 − max p.</param>
/// <param name="AurocNovelClass">Test rows against those of a class left out of training; null with two classes.</param>
/// <param name="TrainSeconds">What <c>Fit</c> takes.</param>
internal sealed record TableResult(string Table, string Method, double Accuracy, double LogLoss, double Ece, double AurocNoise,
    double AurocNoiseByScore, double? AurocNovelClass, double TrainSeconds)
{
    public static TableResult Mean(IReadOnlyList<TableResult> results) => results[0] with
    {
        Accuracy = results.Average(result => result.Accuracy),
        LogLoss = results.Average(result => result.LogLoss),
        Ece = results.Average(result => result.Ece),
        AurocNoise = results.Average(result => result.AurocNoise),
        AurocNoiseByScore = results.Average(result => result.AurocNoiseByScore),
        AurocNovelClass = results.Average(result => result.AurocNovelClass),
        TrainSeconds = results.Average(result => result.TrainSeconds),
    };
}
