using System.Globalization;

namespace MLNet.Sngp.Evaluation;

/// <summary>Chooses a point of a risk-coverage curve: up to which uncertainty the model answers.</summary>
internal static class AbstentionRule
{
    /// <summary>The greatest coverage whose risk is at most the given one.</summary>
    public static RiskCoveragePoint ForMaximumRisk(RiskCoverage curve, double maximumRisk)
    {
        for (int i = curve.Points.Count - 1; i >= 0; i--)
        {
            if (curve.Points[i].Risk <= maximumRisk)
                return curve.Points[i];
        }

        RiskCoveragePoint best = curve.Points.MinBy(point => point.Risk);
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"No threshold keeps the risk at or below {maximumRisk}: the least risk on the validation data is {best.Risk} "
            + $"at coverage {best.Coverage}. Allow more risk, or give a minimum coverage instead."));
    }

    /// <summary>The least risk whose coverage is at least the given one; on a tie the greater coverage.</summary>
    public static RiskCoveragePoint ForMinimumCoverage(RiskCoverage curve, double minimumCoverage)
    {
        RiskCoveragePoint best = curve.Points[^1];
        for (int i = curve.Points.Count - 2; i >= 0 && curve.Points[i].Coverage >= minimumCoverage; i--)
        {
            if (curve.Points[i].Risk < best.Risk)
                best = curve.Points[i];
        }

        return best;
    }

    public static void RequireShare(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, "A share from 0 to 1 is needed.");
    }
}
