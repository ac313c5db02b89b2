namespace MLNet.Sngp.Decisions;

/// <summary>A conformal p-value as a falling step function of one score; the p-value of a row is the least over all scores.</summary>
/// <param name="ColumnName">The column that holds the score.</param>
/// <param name="Thresholds">Where the steps are, falling.</param>
/// <param name="PValues">The p-value of a score that so many thresholds are at or above: one more than thresholds.</param>
/// <remarks>
/// <para>Let r(i) be the number of validation rows whose score is at least that of row i, and r(x) = 1 + that number for a new row x. With
/// one
/// score, p(x) = r(x)/(n + 1): Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world". Of exchangeable rows at most a
/// share α has p ≤ α, for every n.</para>
/// <para>With several scores the statistic is the least rank over them, m = min over j of r_j (Tippett 1931 takes the least p-value), and
/// is
/// itself ranked among the rows, validation rows and x alike: p(x) = #{i : m(i) ≤ m(x)}/(n + 1), i among the n + 1 rows, ranks
/// too. That is symmetric in the rows, so it is as valid as for one score; a fixed correction of the least p-value (Bonferroni) would call
/// up to half as many rows novel. x moves down by one the ranks of the rows at or below it. So where x has its least rank t in score j, of
/// validation row i at most this is true: r_j(i) ≤ t − 1, or r_k(i) ≤ t for another score k. With T_j(t) = 1 + the number of rows
/// for which it is, p(x) ≤ T_j(t)/(n + 1), and the right-hand side is least over the scores where the rank is: p is the least of
/// T_j(r_j(x))/(n + 1), a table for each score.</para>
/// <para>Thresholds lie a little above validation rows, so that a difference in rounding does not move a row across one, and not all are
/// kept: a
/// table
/// of p-values that grow by 2 % a step costs the same for any number of rows. Both make p-values larger only.</para>
/// </remarks>
internal sealed record NoveltyTable(string ColumnName, float[] Thresholds, float[] PValues)
{
    // Up to this many steps are exact; then they grow by 2 %.
    private const int ExactSteps = 128;
    private const double Growth = 1.02;

    /// <param name="names">The columns of the scores.</param>
    /// <param name="scores">For each column the scores of the rows, all finite.</param>
    /// <param name="rate">The p-value whose step must be kept.</param>
    public static IReadOnlyList<NoveltyTable> Fit(IReadOnlyList<string> names, float[][] scores, double rate)
    {
        var ranks = Array.ConvertAll(scores, Ranks);
        return [.. names.Select((name, j) => Fit(name, scores[j], Counts(ranks, j), rate))];
    }

    /// <summary>The p-value of a score, as the graph gives it.</summary>
    public float At(float score)
    {
        var (count, end) = (0, Thresholds.Length);
        while (count < end)
        {
            var middle = (count + end) / 2;
            if (Thresholds[middle] >= score)
                count = middle + 1;
            else
                end = middle;
        }
        return PValues[count];
    }

    /// <summary>For each row the number of rows whose score is at least its own.</summary>
    private static int[] Ranks(float[] scores)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ToArray();
        var ranks = new int[scores.Length];
        for (var end = order.Length - 1; end >= 0;)
        {
            var start = end;
            for (; start >= 0 && scores[order[start]] == scores[order[end]]; start--)
                ranks[order[start]] = end + 1;
            end = start;
        }
        return ranks;
    }

    /// <summary>T_j(t) for t from 0 to n + 1.</summary>
    private static int[] Counts(int[][] ranks, int j)
    {
        var rows = ranks[j].Length;
        var counts = new int[rows + 2];
        for (var i = 0; i < rows; i++)
        {
            var least = ranks[j][i] + 1;
            for (var k = 0; k < ranks.Length; k++)
                least = k == j ? least : Math.Min(least, ranks[k][i]);
            counts[least]++;
        }
        counts[0] = 1;
        for (var t = 1; t < counts.Length; t++)
            counts[t] += counts[t - 1];
        return counts;
    }

    private static NoveltyTable Fit(string name, float[] scores, int[] counts, double rate)
    {
        var descending = scores.OrderDescending().ToArray();
        var (thresholds, pValues) = (new List<float>(), new List<float>());
        var (steps, lastKept) = (0, 0);
        for (var start = 0; start < descending.Length; steps++)
        {
            var end = start;
            while (end < descending.Length && descending[end] == descending[start])
                end++;
            // A score above this one has rank start + 1 at most, one at or below it end + 1 at least.
            var (above, below) = (P(start + 1), P(end + 1));
            if (steps < ExactSteps || start + 1 >= lastKept * Growth || (above <= (float)rate && below > (float)rate))
            {
                thresholds.Add(start == 0 ? Above(descending[0]) : Between(descending[start], descending[start - 1]));
                pValues.Add(above);
                lastKept = start + 1;
            }
            start = end;
        }
        return new NoveltyTable(name, [.. thresholds], [.. pValues, P(descending.Length + 1)]);

        float P(int rank) => (float)((double)counts[rank] / (descending.Length + 1));
    }

    /// <summary>A little above <paramref name="low"/>, as far as rounding may take it, and the middle to <paramref name="high"/> at
    /// most.</summary>
    public static float Between(float low, float high) => Math.Max(low, Math.Min(low + ((high - low) / 2), Above(low)));

    /// <summary>A little more.</summary>
    public static float Above(float value) => value + Math.Max(1e-5f * Math.Abs(value), 1e-30f);
}
