using Microsoft.ML;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A trainer of every method, with options that train in well under a second.</summary>
internal static class Methods
{
    public const int NumberOfMembers = 3;

    /// <summary>The names of all methods, as models say them.</summary>
    public static IEnumerable<object[]> All => [["Sngp"], .. Others];

    /// <summary>The methods that are compared with SNGP or made of several.</summary>
    public static IEnumerable<object[]> Others => [["Deterministic"], ["MonteCarloDropout"], ["DeepEnsemble"], ["SngpEnsemble"]];

    public static IEstimator<SngpTransformer> Create(MLContext ml, string method, Action<NetworkTrainerOptions>? configure = null) => method switch
    {
        "Sngp" => ml.Sngp().Multiclass(Quick(new SngpTrainer.Options { NumberOfRandomFeatures = 64 }, configure)),
        "Deterministic" => ml.Sngp().Deterministic(Quick(new DeterministicTrainer.Options(), configure)),
        "MonteCarloDropout" => ml.Sngp().MonteCarloDropout(Quick(new MonteCarloDropoutTrainer.Options { NumberOfPasses = 5 }, configure)),
        "DeepEnsemble" => ml.Sngp().DeepEnsemble(Quick(new DeepEnsembleTrainer.Options { NumberOfMembers = NumberOfMembers }, configure)),
        "SngpEnsemble" => ml.Sngp().SngpEnsemble(Quick(new SngpEnsembleTrainer.Options { NumberOfMembers = NumberOfMembers, NumberOfRandomFeatures = 64 }, configure)),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
    };

    private static TOptions Quick<TOptions>(TOptions options, Action<NetworkTrainerOptions>? configure) where TOptions : NetworkTrainerOptions
    {
        options.NumberOfEpochs = 3;
        options.NumberOfHiddenLayers = 2;
        options.NumberOfHiddenUnits = 16;
        options.BatchSize = 16;
        options.Device = TrainingDevice.Cpu;
        options.Seed = 1;
        configure?.Invoke(options);
        return options;
    }
}
