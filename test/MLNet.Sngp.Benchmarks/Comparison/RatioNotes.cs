using System.Globalization;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>What a reader of the table must know, and the figures that are no times.</summary>
internal static class RatioNotes
{
    private const double AccuracyGoal = 1e-5;

    public static void Write(
        TextWriter output, int repeats, Measurement models, Measurement verified, IReadOnlyDictionary<Run, List<Measurement>> measured)
    {
        output.WriteLine(
            $"Medians of {repeats} runs in alternation, each in a process of its own and after a warm-up in it, with [lowest–highest]; the "
            + "ratio is the median of the runs' ratios.");
        output.WriteLine();
        foreach (var model in (string[])["sngp", "sngp-full"])
        {
            var (variance, score) = (verified.Details![model + "Variance"], verified.Details[model + "Score"]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"- {model}: {models.Details![model] / 1024:0} KiB; against the same graph in double precision at most {variance:0.0e+0} "
                + $"off in Variance and {score:0.0e+0} in Score (goal ≤ {AccuracyGoal:0e+0}: "
                + $"{(Math.Max(variance, score) <= AccuracyGoal ? "met" : "missed")})."));
        }
        var allocated = measured.Where(pair => pair.Key.Work == "row").SelectMany(pair => pair.Value).Where(run => run.Details is not null)
            .Select(run => run.Details!["allocatedBytesPerRow"]).ToList();
        if (allocated.Count > 0)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"- One row through the prediction engine allocates {Statistics.Median(allocated):0.##} bytes."));
    }
}
