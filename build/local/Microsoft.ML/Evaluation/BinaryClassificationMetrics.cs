namespace Microsoft.ML.Data;

/// <summary>Quality of a binary classifier's scores.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryCounters sums, ConfusionMatrix confusionMatrix)
    {
        AreaUnderRocCurve = sums.AreaUnderRocCurve;
        Accuracy = sums.Accuracy;
        PositivePrecision = sums.PositivePrecision;
        PositiveRecall = sums.PositiveRecall;
        NegativePrecision = sums.NegativePrecision;
        NegativeRecall = sums.NegativeRecall;
        F1Score = sums.F1Score;
        AreaUnderPrecisionRecallCurve = sums.AreaUnderPrecisionRecallCurve;
        ConfusionMatrix = confusionMatrix;
    }

    public double AreaUnderRocCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision { get; }

    public double PositiveRecall { get; }

    public double NegativePrecision { get; }

    public double NegativeRecall { get; }

    public double F1Score { get; }

    public double AreaUnderPrecisionRecallCurve { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
