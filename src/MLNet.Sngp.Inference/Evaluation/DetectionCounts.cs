namespace MLNet.Sngp.Evaluation;

/// <summary>
/// Numbers of in-domain and out-of-domain rows at each distinct score, from the largest score on.
/// All three detection measures are exact functions of these counts.
/// </summary>
internal sealed class DetectionCounts
{
    private readonly List<(int In, int Out)> _groups;
    private readonly int _inTotal;
    private readonly int _outTotal;

    private DetectionCounts(List<(int In, int Out)> groups, int inTotal, int outTotal)
    {
        _groups = groups;
        _inTotal = inTotal;
        _outTotal = outTotal;
    }

    /// <param name="inDomain">At least one score, no NaN.</param>
    /// <param name="outOfDomain">At least one score, no NaN.</param>
    public static DetectionCounts Of(ReadOnlySpan<double> inDomain, ReadOnlySpan<double> outOfDomain)
    {
        double[] low = Descending(inDomain);
        double[] high = Descending(outOfDomain);
        var groups = new List<(int In, int Out)>();
        int i = 0, o = 0;
        while (i < low.Length || o < high.Length)
        {
            double score = i == low.Length ? high[o] : o == high.Length ? low[i] : Math.Max(low[i], high[o]);
            int startIn = i, startOut = o;
            while (i < low.Length && low[i] == score)
                i++;
            while (o < high.Length && high[o] == score)
                o++;
            groups.Add((i - startIn, o - startOut));
        }

        return new DetectionCounts(groups, low.Length, high.Length);
    }

    public double AreaUnderRocCurve()
    {
        // Twice the number of pairs won, ties as one: an integer, so nothing is rounded before the division.
        UInt128 twiceWon = 0;
        long outAbove = 0;
        foreach ((int @in, int @out) in _groups)
        {
            twiceWon += (UInt128)(2 * outAbove + @out) * (UInt128)@in;
            outAbove += @out;
        }

        return (double)twiceWon / (2.0 * _inTotal * _outTotal);
    }

    public double AveragePrecision()
    {
        double sum = 0;
        long inSoFar = 0, outSoFar = 0;
        foreach ((int @in, int @out) in _groups)
        {
            inSoFar += @in;
            outSoFar += @out;
            sum += (double)@out * outSoFar / (inSoFar + outSoFar);
        }

        return sum / _outTotal;
    }

    public double FalsePositiveRateAt95TruePositiveRate()
    {
        long inSoFar = 0, outSoFar = 0;
        foreach ((int @in, int @out) in _groups)
        {
            inSoFar += @in;
            outSoFar += @out;
            if (20 * outSoFar >= 19L * _outTotal)
                break;
        }

        return (double)inSoFar / _inTotal;
    }

    private static double[] Descending(ReadOnlySpan<double> scores)
    {
        double[] sorted = scores.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        return sorted;
    }
}
