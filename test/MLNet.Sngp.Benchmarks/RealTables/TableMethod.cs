using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>A trainer with nothing but its defaults.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Create">Makes the trainer.</param>
internal sealed record TableMethod(string Name, Func<MLContext, int, IEstimator<ITransformer>> Create)
{
    public static readonly TableMethod[] All =
    [
        new("sngp", (ml, seed) => ml.Sngp().Multiclass(new SngpOptions { Seed = seed })),
        new("sngp-ensemble", (ml, seed) => ml.Sngp().Multiclass(Seeded(SngpOptions.SngpEnsemble(5), seed))),
        new("deterministic", (ml, seed) => ml.Sngp().Multiclass(Seeded(SngpOptions.Deterministic(), seed))),
        new("lightgbm", (ml, seed) => ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { Seed = seed })),
        new("logistic", (ml, _) => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
    ];

    private static SngpOptions Seeded(SngpOptions options, int seed)
    {
        options.Seed = seed;
        return options;
    }
}
