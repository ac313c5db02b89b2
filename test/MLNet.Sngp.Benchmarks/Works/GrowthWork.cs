using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>One point of a growth table: two epochs, posterior, scoring, with the memory that they took.</summary>
/// <remarks>
/// The table's rows are made while they are read. A training of a few rows and 16 random features comes first and loads all code and
/// libraries; what is resident then is taken off the peak, and so is the table as it lies in memory, n·(4d + 4) bytes.
/// What is left is the library's own.
/// </remarks>
internal static class GrowthWork
{
    private const double Megabyte = 1 << 20;
    private const int MostRowsToScore = 20_000;
    private const double ScoringSeconds = 1;

    public static Figure Run(WorkSettings settings)
    {
        var context = new MLContext(1);
        using (var warmUp = new EpochClock())
            Fit(context, settings with { Rows = Math.Max(64, settings.Classes), RandomFeatures = 16 }, warmUp).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var (resident, allocated) = (ProcessState.ResidentMegabytes(), GC.GetTotalAllocatedBytes(precise: true));
        ProcessState.ResetPeak();

        using var clock = new EpochClock();
        using var model = Fit(context, settings, clock);
        var posterior = clock.SinceLastEpoch;
        var peak = ProcessState.PeakMegabytes();
        var managed = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / Megabyte;
        double[] epochs = [.. clock.Epochs];
        var table = settings.Rows * (4.0 * settings.Features + 4) / Megabyte;
        return new Figure(epochs[1], "s", new Dictionary<string, double>
        {
            ["setUp"] = Math.Max(0, epochs[0] - epochs[1]),
            ["epoch"] = epochs[1],
            ["posterior"] = posterior,
            ["tableMegabytes"] = table,
            ["peakMegabytes"] = peak,
            ["ownInEpochsMegabytes"] = clock.PeakMegabytes - resident - table,
            ["ownMegabytes"] = peak - resident - table,
            ["allocatedMegabytes"] = managed,
            ["modelMegabytes"] = ModelBytes(model) / Megabyte,
            ["scoring"] = ScoringRate(context, model, settings),
        });
    }

    private static SngpTransformer Fit(MLContext context, WorkSettings settings, EpochClock clock)
    {
        var options = TutorialNetwork.Sngp(2);
        options.GaussianProcess.NumberOfRandomFeatures = settings.RandomFeatures;
        options.Training.Progress = clock;
        return context.Sngp().Multiclass(options).Fit(Tables.Generated(context, settings.Rows, settings.Features, settings.Classes));
    }

    private static long ModelBytes(SngpTransformer model)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.Length;
    }

    private static double ScoringRate(MLContext context, SngpTransformer model, WorkSettings settings)
    {
        var rows = Math.Min(settings.Rows, MostRowsToScore);
        var table = Tables.Generated(context, rows, settings.Features, settings.Classes);
        var scores = new ScoreReader<float>();
        return rows / Repeated.MedianSeconds(() => scores.Read(model.Transform(table)), ScoringSeconds);
    }
}
