using MLNet.Sngp.Benchmarks.Measuring;
using TorchSharp;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>All works by name. Each is run in a process of its own, so that nothing of another one is in its time or memory.</summary>
internal static class Catalog
{
    private static readonly Dictionary<string, Func<WorkSettings, Figure>> Works = new(StringComparer.Ordinal)
    {
        ["models"] = ScoredModels.Write,
        ["train-sngp"] = TrainingWorks.Sngp,
        ["train-plain"] = TrainingWorks.Plain,
        ["epoch"] = TrainingWorks.Epoch,
        ["step-sngp"] = StepWorks.Written,
        ["step-sngp-autograd"] = StepWorks.Autograd,
        ["score-sngp"] = settings => ScoringWorks.Batches(settings, ScoredModels.Default),
        ["score-full"] = settings => ScoringWorks.Batches(settings, ScoredModels.Full),
        ["score-plain"] = settings => ScoringWorks.Batches(settings, ScoredModels.Plain),
        ["score-stock"] = settings => ScoringWorks.Stock(settings, ScoredModels.Default),
        ["score-stock-full"] = settings => ScoringWorks.Stock(settings, ScoredModels.Full),
        ["row"] = settings => ScoringWorks.Row(settings, ScoredModels.Default),
        ["row-full"] = settings => ScoringWorks.Row(settings, ScoredModels.Full),
        ["grid"] = settings => ScoringWorks.Grid(settings, ScoredModels.Default),
        ["grid-full"] = settings => ScoringWorks.Grid(settings, ScoredModels.Full),
        ["train-lightgbm"] = LightGbmWorks.Train,
        ["score-lightgbm"] = LightGbmWorks.Batches,
        ["row-lightgbm"] = LightGbmWorks.Row,
        ["verify"] = VerificationWork.Run,
        ["grow"] = GrowthWork.Run,
    };

    // These leave libtorch alone; to ask it for its threads would load it.
    private static readonly string[] WithoutTorch = ["score-", "row", "grid", "verify", "train-lightgbm"];

    public static IEnumerable<string> Names => Works.Keys;

    public static Measurement Run(string work, WorkSettings settings)
    {
        var figure = Works[work](settings);
        var peak = ProcessState.PeakMegabytes();
        var threads = WithoutTorch.Any(prefix => work.StartsWith(prefix, StringComparison.Ordinal))
            ? Environment.ProcessorCount
            : torch.get_num_threads();
        return new Measurement(
            work, "MLNet.Sngp", figure.Value, figure.Unit, threads, peak, ProcessState.Libraries()) { Details = figure.Details };
    }
}
