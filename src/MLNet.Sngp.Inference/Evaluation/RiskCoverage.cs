namespace MLNet.Sngp;

/// <summary>
/// The risk-coverage curve: rows are answered from the least uncertain on, and the error rate among the answered
/// rows (risk) is set against their share (coverage).
/// </summary>
/// <remarks>
/// <para>Source: El-Yaniv and Wiener (2010); area under the curve as in Geifman, Uziel, El-Yaniv
/// (arXiv 1805.08206).</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class RiskCoverage
{
    private RiskCoverage(IReadOnlyList<RiskCoveragePoint> points, double area)
    {
        Points = points;
        Area = area;
    }

    /// <summary>
    /// One point for each distinct uncertainty, from the least uncertain on; the last has coverage 1, and its risk is
    /// the error rate over all rows. Rows of equal uncertainty are answered together.
    /// </summary>
    public IReadOnlyList<RiskCoveragePoint> Points { get; }

    /// <summary>
    /// Area under the risk-coverage curve: (1/n) Σᵢ risk(i), where risk(i) is the error rate among the i least
    /// uncertain rows. 0 to 1; lower is better. Among rows of equal uncertainty the mean over all their orders is
    /// taken, so the value does not depend on the order of rows.
    /// </summary>
    public double Area { get; }

    internal static RiskCoverage Compute(ReadOnlySpan<double> uncertainties, ReadOnlySpan<bool> correct)
    {
        if (uncertainties.Length != correct.Length)
            throw new ArgumentException(
                $"There are {uncertainties.Length} uncertainties but {correct.Length} outcomes.", nameof(correct));
        if (uncertainties.IsEmpty)
            throw new ArgumentException("There is no row to rank.", nameof(uncertainties));
        double[] keys = uncertainties.ToArray();
        bool[] items = correct.ToArray();
        Array.Sort(keys, items);
        if (double.IsNaN(keys[0]))
            throw new ArgumentException("An uncertainty is NaN, which cannot be ranked.", nameof(uncertainties));

        var points = new List<RiskCoveragePoint>();
        double riskSum = 0;
        int wrongBefore = 0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            int wrong = 0;
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
                wrong += items[end] ? 0 : 1;

            // Expected number of errors after j of the tied rows, in random order: wrong · j / size.
            double wrongPerRow = (double)wrong / (end - start);
            for (int j = 1; j <= end - start; j++)
                riskSum += (wrongBefore + wrongPerRow * j) / (start + j);
            wrongBefore += wrong;
            points.Add(new RiskCoveragePoint(keys[start], (double)end / keys.Length, (double)wrongBefore / end));
        }

        return new RiskCoverage(points, riskSum / keys.Length);
    }
}
