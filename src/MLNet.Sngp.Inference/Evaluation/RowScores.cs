namespace MLNet.Sngp.Evaluation;

/// <summary>What one row contributes to the metrics.</summary>
internal static class RowScores
{
    /// <summary>The index of the largest value, the first of them on a tie.</summary>
    public static int ArgMax(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int k = 1; k < values.Length; k++)
        {
            if (values[k] > values[best])
                best = k;
        }

        return best;
    }

    /// <summary>−ln max(p_label, ε).</summary>
    public static double LogLoss(ReadOnlySpan<double> probabilities, int label)
        => -Math.Log(Math.Max(probabilities[label], UncertaintyMetrics.LogLossEpsilon));

    /// <summary>Σₖ (pₖ − yₖ)².</summary>
    public static double Brier(ReadOnlySpan<double> probabilities, int label)
    {
        double sum = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            double difference = probabilities[k] - (k == label ? 1 : 0);
            sum += difference * difference;
        }

        return sum;
    }
}
