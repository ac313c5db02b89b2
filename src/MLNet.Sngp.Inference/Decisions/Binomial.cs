namespace MLNet.Sngp.Decisions;

/// <summary>The exact binomial test.</summary>
internal static class Binomial
{
    // Beyond this many standard deviations a tail is 0 in double precision.
    private const double Negligible = 1e-20;

    /// <summary>P(X ≤ <paramref name="errors"/>) for X ~ Bin(<paramref name="rows"/>, <paramref name="rate"/>).</summary>
    /// <remarks>The largest term, then the others down from it by the ratio of neighbours; terms that no longer count are left
    /// out.</remarks>
    public static double LowerTail(int errors, int rows, double rate)
    {
        if (errors >= rows || rate <= 0)
            return 1;
        if (errors < 0 || rate >= 1)
            return 0;
        var largest = Math.Min(errors, (int)((rows + 1) * rate));
        var start = Math.Exp(LogTerm(largest, rows, rate));
        var odds = rate / (1 - rate);
        var sum = start;
        for (var (i, term) = (largest, start); i > 0 && term > Negligible * sum; i--)
            sum += term *= i / ((rows - i + 1) * odds);
        for (var (i, term) = (largest + 1, start); i <= errors && term > Negligible * sum; i++)
            sum += term *= (rows - i + 1) * odds / i;
        return Math.Min(1, sum);
    }

    /// <summary>
    /// The largest rate at which <paramref name="errors"/> among <paramref name="rows"/> or fewer have a probability of
    /// <paramref name="level"/> at least: the upper bound of Clopper and Pearson 1934 at the confidence 1 − level.
    /// </summary>
    public static double UpperBound(int errors, int rows, double level)
    {
        var (low, high) = ((double)errors / Math.Max(1, rows), 1.0);
        if (errors >= rows)
            return 1;
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (LowerTail(errors, rows, middle) > level)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    private static double LogTerm(int errors, int rows, double rate) =>
        LogFactorial(rows) - LogFactorial(errors) - LogFactorial(rows - errors)
        + (errors * Math.Log(rate)) + ((rows - errors) * Math.Log(1 - rate));

    /// <summary>ln n!, by Stirling's series for ln Γ(x) where x = n + 1 is 10 or more.</summary>
    private static double LogFactorial(int n)
    {
        var (x, shift) = (n + 1.0, 0.0);
        for (; x < 10; x++)
            shift -= Math.Log(x);
        var square = x * x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI))
            + ((1 / (12 * x)) - (1 / (360 * x * square))
            + (1 / (1260 * x * square * square)) - (1 / (1680 * x * square * square * square)));
    }
}
