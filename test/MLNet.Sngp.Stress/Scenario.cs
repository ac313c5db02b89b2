using System.Globalization;
using MLNet.Sngp.Stress.Fuzzing;
using MLNet.Sngp.Stress.Scenarios;
using MLNet.Sngp.Stress.Serving;

namespace MLNet.Sngp.Stress;

/// <summary>The list of scenarios. Each takes its arguments, gives its figures as text, and throws when something is wrong.</summary>
internal static class Scenario
{
    /// <summary>Environment variable: a factor on all rounds.</summary>
    public const string ScaleVariable = "SNGP_STRESS_SCALE";

    /// <summary>Environment variable: the folder for files that broke something.</summary>
    public const string FolderVariable = "SNGP_STRESS_FOLDER";

    /// <summary>What a run without names goes through, in this order.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string[], string>> All = new Dictionary<string, Func<string[], string>>
    {
        ["fuzz-onnx"] = _ => FuzzDriver.Run("onnx", Rounds(100_000)),
        ["fuzz-zip"] = _ => FuzzDriver.Run("zip", Rounds(5_000)),
        ["fuzz-checkpoint"] = _ => FuzzDriver.Run("checkpoint", Rounds(100_000)),
        ["kill"] = _ => Kill.Run(Rounds(20)),
        ["full-disk"] = _ => FullDisk.Run(),
        ["threads"] = Threads.Run,
        ["dispose"] = Disposal.Run,
        ["trainings"] = Trainings.Run,
        ["fits"] = LongLife.Fits,
        ["rows"] = LongLife.Rows,
        ["serve"] = ServingScenario.Run,
        ["determinism"] = Determinism.Run,
        ["collector"] = Collector.Run,
    };

    /// <summary>What scenarios start as processes of their own.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string[], string>> Workers = new Dictionary<string, Func<string[], string>>
    {
        ["fuzz-worker"] = FuzzWorker.Run,
        ["load-worker"] = ServingScenario.Ask,
        ["server"] = Server.Run,
        ["train-worker"] = Determinism.Train,
        ["make-corpus"] = CorpusMaker.Run,
        ["kill-worker"] = Kill.Train,
    };

    /// <summary>A number of rounds or seconds, times the scale asked for.</summary>
    public static int Rounds(int count)
    {
        var text = Environment.GetEnvironmentVariable(ScaleVariable);
        var scale = double.TryParse(text, CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        return Math.Max(1, (int)(count * scale));
    }

    /// <exception cref="InvalidOperationException"><paramref name="isTrue"/> is false.</exception>
    public static void Require(bool isTrue, string otherwise)
    {
        if (!isTrue)
            throw new InvalidOperationException(otherwise);
    }
}
