namespace MLNet.Sngp.Evaluation;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    private const int FractionDepth = 60;

    // Beyond it terms of the series cancel.
    private const double LargestOfSeries = 3;

    /// <summary>φ(z).</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>2Φ(z) − 1: the probability between −z and z, for z of at least 0.</summary>
    /// <remarks>Abramowitz and Stegun 26.2.11, a series of positive terms, and 26.2.14, a continued fraction.</remarks>
    public static double Within(double z)
    {
        if (z > LargestOfSeries)
        {
            var fraction = z;
            for (var depth = FractionDepth; depth > 0; depth--)
                fraction = z + (depth / fraction);
            return 1 - (2 * Density(z) / fraction);
        }
        var (term, sum) = (z, z);
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }
        return 2 * Density(z) * sum;
    }
}
