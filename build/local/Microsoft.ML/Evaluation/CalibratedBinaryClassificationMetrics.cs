namespace Microsoft.ML.Data;

/// <summary>Quality of a binary classifier's scores and probabilities. Logarithms are to base 2.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryCounters sums, ConfusionMatrix confusionMatrix)
        : base(sums, confusionMatrix)
    {
        LogLoss = sums.LogLoss;
        LogLossReduction = sums.LogLossReduction;
        Entropy = sums.Entropy;
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double Entropy { get; }
}
