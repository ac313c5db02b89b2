namespace MLNet.Sngp.Decisions;

/// <summary>
/// Chooses up to which uncertainty a model answers so that the error rate among answered rows has an upper bound at a stated confidence.
/// </summary>
/// <remarks>
/// <para>Learn then test (Angelopoulos et al. 2021, arXiv 2110.01052) with fixed sequences: validation rows are ordered by uncertainty, and
/// beginning with the j surest ones each threshold is tested in turn by the exact binomial p-value P(Bin(j, risk) ≤ errors) until one is
/// not
/// rejected; the last that was is taken. No correction for the number of thresholds is needed. There is a sequence of its own for a few
/// beginnings j, each at an equal part of 1 − confidence, so that one error among the surest rows does not end all.</para>
/// <para>Why thresholds that are rows themselves do no harm: let R(t) be the error rate of rows below t. Where R crosses the risk from
/// below, at a,
/// R(a) is the risk itself, so among the validation rows below a errors are binomial with that rate, whatever their number. The first
/// threshold of
/// the sequence that must not be taken lies behind such an a with no row in between, or is the beginning j, whose j rows are drawn from
/// those below
/// the next one; either way the test that lets it pass errs with the probability of its level at most. The
/// threshold stands for all rows below the next validation row; rows with the same uncertainty are tested together.</para>
/// </remarks>
internal static class RiskControl
{
    // Each beginning is so many times the one before it.
    private const int Ratio = 4;

    /// <param name="rows">Uncertainty of each row, and whether the model errs.</param>
    /// <param name="maximumRisk">The risk, above 0 and below 1.</param>
    /// <param name="confidence">The confidence, above 0 and below 1.</param>
    /// <returns>The threshold: rows up to it are answered; and the bound of their error rate.</returns>
    /// <exception cref="InvalidOperationException">No threshold has that bound; the message says what would help.</exception>
    public static (float Threshold, double Bound) Choose(
        IReadOnlyList<(float Uncertainty, bool IsError)> rows, double maximumRisk, double confidence)
    {
        var (beginnings, level) = Beginnings(rows.Count, maximumRisk, 1 - confidence);
        var groups = Groups(rows);
        var best = -1;
        foreach (var beginning in beginnings)
        {
            var i = Array.FindIndex(groups, group => group.Rows >= beginning);
            for (; i >= 0 && i < groups.Length && Binomial.LowerTail(groups[i].Errors, groups[i].Rows, maximumRisk) <= level; i++)
                best = Math.Max(best, i);
        }
        if (best < 0)
            throw OutOfReach(rows.Count, groups, maximumRisk, confidence);
        var threshold = best + 1 < groups.Length
            ? NoveltyTable.Between(groups[best].Uncertainty, groups[best + 1].Uncertainty)
            : float.MaxValue;
        return (threshold, Binomial.UpperBound(groups[best].Errors, groups[best].Rows, level));
    }

    /// <summary>The fewest rows with which no error at all is evidence enough.</summary>
    public static int FewestRows(double maximumRisk, double level) => (int)Math.Ceiling(Math.Log(level) / Math.Log(1 - maximumRisk));

    /// <summary>Where the sequences begin, and the level of each.</summary>
    private static (IReadOnlyList<int> Beginnings, double Level) Beginnings(int rows, double maximumRisk, double level)
    {
        var count = 1;
        while (FewestRows(maximumRisk, level / (count + 1)) * Math.Pow(Ratio, count) <= rows)
            count++;
        var fewest = FewestRows(maximumRisk, level / count);
        return ([.. Enumerable.Range(0, count).Select(i => fewest * (int)Math.Pow(Ratio, i))], level / count);
    }

    /// <summary>For each uncertainty, ascending, the number of rows up to it and of errors among them.</summary>
    private static (float Uncertainty, int Rows, int Errors)[] Groups(IReadOnlyList<(float Uncertainty, bool IsError)> rows)
    {
        var groups = new List<(float Uncertainty, int Rows, int Errors)>();
        var (count, errors) = (0, 0);
        foreach (var (uncertainty, isError) in rows.OrderBy(row => row.Uncertainty))
        {
            if (groups.Count > 0 && groups[^1].Uncertainty == uncertainty)
                groups.RemoveAt(groups.Count - 1);
            groups.Add((uncertainty, ++count, errors += isError ? 1 : 0));
        }
        return [.. groups];
    }

    private static InvalidOperationException OutOfReach(
        int rows, (float Uncertainty, int Rows, int Errors)[] groups, double maximumRisk, double confidence)
    {
        var fewest = FewestRows(maximumRisk, 1 - confidence);
        var why = rows < fewest ? FormattableString.Invariant($"even without a single error at least {fewest} are needed")
            : FormattableString.Invariant($"the lowest upper bound of any threshold is {groups.Min(Bound):0.####}");
        return new InvalidOperationException(
            FormattableString.Invariant($"No threshold keeps the risk at or below {maximumRisk} with confidence {confidence}, ")
            + FormattableString.Invariant($"by {rows} validation rows that have a label and are not novel: {why}. ")
            + "Give more rows that training did not see, allow more risk or less confidence, or give MinimumCoverage or "
            + "MaximumUncertainty instead.");

        double Bound((float Uncertainty, int Rows, int Errors) group) => Binomial.UpperBound(group.Errors, group.Rows, 1 - confidence);
    }
}
