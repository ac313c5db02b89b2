using System.Globalization;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>The table in Markdown: medians with the spread, and the median of the ratios of runs that followed each other.</summary>
internal static class RatioTable
{
    public static void Write(TextWriter output, IReadOnlyList<RatioRow> rows, IReadOnlyDictionary<Run, List<Measurement>> measured)
    {
        output.WriteLine("| work | threads | MLNet.Sngp | beside | ratio | goal | | peak MB |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
            output.WriteLine(
                "| " + string.Join(" | ", Cells(row, measured[row.Ours], row.Other is null ? null : measured[row.Other])) + " |");
    }

    private static IEnumerable<string> Cells(RatioRow row, List<Measurement> ours, List<Measurement>? other)
    {
        var isRatioOfTimes = row.Goal?.Kind == GoalKind.AtMostAsSlow;
        double[]? ratios = other is null
            ? null
            : [.. ours.Zip(other, (mine, its) => Faster(mine, its)).Select(ratio => isRatioOfTimes ? 1 / ratio : ratio)];
        var ratio = ratios is null ? double.NaN : Statistics.Median(ratios);
        yield return row.Title;
        yield return row.Ours.Setting.Name;
        yield return Spread(ours);
        yield return other is null ? "–" : Spread(other)
            + (row.Other!.Contender == row.Ours.Contender ? $" ({row.Other.Work.Split(' ')[0]})" : "");
        yield return ratios is null
            ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}× [{ratios.Min():0.00}–{ratios.Max():0.00}]");
        yield return row.Goal?.ToString(ours[0].Unit) ?? "";
        yield return Verdict(row.Goal, Median(ours), ratio);
        yield return Peak(ours) + (other is null ? "" : " / " + Peak(other));
    }

    private static string Verdict(Goal? goal, double ours, double ratio)
    {
        if (goal is null)
            return "";
        if (double.IsNaN(ratio) && goal.Kind != GoalKind.AtMost)
            return "not measured";
        return goal.IsMet(ours, ratio) ? "met" : "missed";
    }

    /// <summary>How many times as fast the first is.</summary>
    private static double Faster(Measurement mine, Measurement its) =>
        mine.IsRate ? mine.Value / its.Value : its.Value / mine.Value;

    private static double Median(List<Measurement> runs) => Statistics.Median(runs.Select(run => run.Value));

    private static string Spread(List<Measurement> runs) =>
        $"{Short(Median(runs))} {runs[0].Unit} [{Short(runs.Min(run => run.Value))}–{Short(runs.Max(run => run.Value))}]";

    private static string Peak(List<Measurement> runs) =>
        Statistics.Median(runs.Select(run => run.PeakMegabytes)).ToString("0", CultureInfo.InvariantCulture);

    private static string Short(double value) => value switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
