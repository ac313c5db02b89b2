namespace MLNet.Sngp;

/// <summary>
/// From logits and their posterior variance to probabilities: the mean-field approximation of
/// E[softmax(logits + σε)], and what is read off the probabilities afterwards.
/// </summary>
/// <remarks>
/// <para>adjusted = logits / (T·√(1 + λσ²)), with λ the mean-field factor and T the temperature.
/// Source: Lu, Ie, Sha, "Mean-Field Approximation to Gaussian-Softmax Integral" (arXiv 2006.07584); the form is that
/// of MacKay's approximation for the logistic function (1992).</para>
/// <para>All members are pure functions of their arguments and safe to call from several threads.</para>
/// </remarks>
public static class MeanField
{
    /// <summary>λ = π/8, the factor that matches the logistic function to a probit at the origin. The default.</summary>
    public const double PiOver8 = Math.PI / 8;

    /// <summary>λ = 3/π², the factor that matches the variance of the logistic distribution to a Gaussian's.</summary>
    public const double ThreeOverPiSquared = 3 / (Math.PI * Math.PI);

    /// <summary>Divides logits by T·√(1 + λσ²).</summary>
    /// <param name="logits">The logits of one row, one for each class.</param>
    /// <param name="variance">The posterior variance σ² that all classes share, in logit². At least 0.</param>
    /// <param name="meanFieldFactor">λ, at least 0. 0 switches the adjustment off.</param>
    /// <param name="temperature">T, above 0. 1 leaves the logits as they are.</param>
    /// <returns>The adjusted logits, in the order of <paramref name="logits"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A variance, factor or temperature outside its range, or NaN.</exception>
    public static double[] AdjustLogits(
        ReadOnlySpan<double> logits, double variance, double meanFieldFactor = PiOver8, double temperature = 1)
    {
        double scale = Scale(variance, meanFieldFactor, temperature);
        var adjusted = new double[logits.Length];
        for (int k = 0; k < adjusted.Length; k++)
            adjusted[k] = logits[k] / scale;
        return adjusted;
    }

    /// <summary>Divides each logit by T·√(1 + λσ²) with the variance of its own class.</summary>
    /// <param name="logits">The logits of one row, one for each class.</param>
    /// <param name="variances">The posterior variances, one for each class, in logit². At least 0.</param>
    /// <param name="meanFieldFactor">λ, at least 0. 0 switches the adjustment off.</param>
    /// <param name="temperature">T, above 0. 1 leaves the logits as they are.</param>
    /// <returns>The adjusted logits, in the order of <paramref name="logits"/>.</returns>
    /// <exception cref="ArgumentException">As many variances as logits are needed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A variance, factor or temperature outside its range, or NaN.</exception>
    public static double[] AdjustLogits(
        ReadOnlySpan<double> logits,
        ReadOnlySpan<double> variances,
        double meanFieldFactor = PiOver8,
        double temperature = 1)
    {
        if (variances.Length != logits.Length)
            throw new ArgumentException(
                $"There are {logits.Length} logits but {variances.Length} variances; give one variance for each logit.",
                nameof(variances));
        var adjusted = new double[logits.Length];
        for (int k = 0; k < adjusted.Length; k++)
            adjusted[k] = logits[k] / Scale(variances[k], meanFieldFactor, temperature);
        return adjusted;
    }

    /// <summary>
    /// The mean of a Poisson model's rate: logits·exp(λσ²/2), the form that edward2 and tensorflow/models use
    /// for the Poisson likelihood (with λ = 1 and a logit of 1 it is the mean of a log-normal variable).
    /// </summary>
    /// <param name="logits">The logits of one row, one for each class.</param>
    /// <param name="variance">The posterior variance σ², in logit². At least 0.</param>
    /// <param name="meanFieldFactor">λ, at least 0. 0 switches the adjustment off.</param>
    /// <returns>The adjusted logits, in the order of <paramref name="logits"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A variance or factor below 0, or NaN.</exception>
    public static double[] AdjustPoissonLogits(
        ReadOnlySpan<double> logits, double variance, double meanFieldFactor = PiOver8)
    {
        RequireNotNegative(variance, nameof(variance));
        RequireNotNegative(meanFieldFactor, nameof(meanFieldFactor));
        double scale = Math.Exp(meanFieldFactor * variance / 2);
        var adjusted = new double[logits.Length];
        for (int k = 0; k < adjusted.Length; k++)
            adjusted[k] = logits[k] * scale;
        return adjusted;
    }

    /// <summary>softmax(z)ₖ = exp(zₖ − max z) / Σⱼ exp(zⱼ − max z). Finite for logits of any finite size.</summary>
    /// <param name="logits">The logits of one row.</param>
    /// <returns>Probabilities that sum to 1. All NaN when a logit is NaN.</returns>
    public static double[] Softmax(ReadOnlySpan<double> logits)
    {
        var probabilities = new double[logits.Length];
        if (logits.IsEmpty)
            return probabilities;
        double largest = logits[0];
        foreach (double logit in logits)
            largest = Math.Max(largest, logit);
        double sum = 0;
        for (int k = 0; k < probabilities.Length; k++)
            sum += probabilities[k] = Math.Exp(logits[k] - largest);
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] /= sum;
        return probabilities;
    }

    /// <summary>
    /// Predictive entropy over its maximum: −Σₖ pₖ log pₖ / log K, with 0·log 0 = 0. What the column
    /// <c>Uncertainty</c> holds.
    /// </summary>
    /// <param name="probabilities">The probabilities of one row.</param>
    /// <returns>0 (certain) to 1 (all classes equally probable); 0 for a single class.</returns>
    public static double NormalizedEntropy(ReadOnlySpan<double> probabilities)
    {
        if (probabilities.Length < 2)
            return 0;
        double entropy = 0;
        foreach (double p in probabilities)
            entropy -= p == 0 ? 0 : p * Math.Log(p);
        double normalized = entropy / Math.Log(probabilities.Length);
        // Rounding alone can leave the range by an ulp; NaN passes through.
        return double.IsNaN(normalized) ? normalized : Math.Clamp(normalized, 0, 1);
    }

    private static double Scale(double variance, double meanFieldFactor, double temperature)
    {
        RequireNotNegative(variance, nameof(variance));
        RequireNotNegative(meanFieldFactor, nameof(meanFieldFactor));
        if (!(temperature > 0))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be above 0.");
        return temperature * Math.Sqrt(1 + meanFieldFactor * variance);
    }

    private static void RequireNotNegative(double value, string name)
    {
        if (!(value >= 0))
            throw new ArgumentOutOfRangeException(name, value, $"The {name} must be 0 or more.");
    }
}
