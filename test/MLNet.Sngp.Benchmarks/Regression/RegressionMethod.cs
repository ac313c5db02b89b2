using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary>A way to learn a table, with nothing but its defaults.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Fit">Learns the training rows of a split, and gives what scores others.</param>
internal sealed record RegressionMethod(
    string Name, Func<RegressionSplit, int, Func<RegressionSplit.Row[], RegressionScores>> Fit)
{
    public static readonly RegressionMethod[] All =
    [
        Trainer("sngp", (ml, seed) => ml.Sngp().Regression(new SngpOptions { Seed = seed })),
        Trainer("sngp-heteroscedastic", (ml, seed) => ml.Sngp().Regression(new SngpOptions { Seed = seed, HeteroscedasticNoise = true })),
        Trainer("sngp-ensemble", (ml, seed) => ml.Sngp().Regression(Seeded(SngpOptions.SngpEnsemble(5), seed))),
        Trainer("deep-ensemble", (ml, seed) => ml.Sngp().Regression(Seeded(SngpOptions.DeepEnsemble(5), seed))),
        Trainer("deterministic", (ml, seed) => ml.Sngp().Regression(Seeded(SngpOptions.Deterministic(), seed))),
        Trainer("lightgbm", (ml, seed) => ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { Seed = seed })),
        Trainer("sdca", (ml, _) => ml.Regression.Trainers.Sdca()),
        new("exact-gp-500", (split, seed) => new ExactGaussianProcess(split.Train[..Math.Min(500, split.Train.Length)], seed).Score),
    ];

    private static RegressionMethod Trainer(string name, Func<MLContext, int, IEstimator<ITransformer>> create) =>
        new(name, (split, seed) =>
    {
        var model = split.Context.Transforms.NormalizeMeanVariance("Features", fixZero: false).Append(create(split.Context, seed))
            .Fit(split.View(split.Train));
        return rows => Read(model.Transform(split.View(rows)));
    });

    private static RegressionScores Read(IDataView scored)
    {
        var (variance, noise) = (Column("Variance"), Column("NoiseVariance"));
        return new(
            Column("Score")!, variance, noise is null ? null : [.. noise.Zip(variance ?? new double[noise.Length], (a, b) => a + b)]);

        double[]? Column(string name) =>
            scored.Schema.GetColumnOrNull(name) is null ? null : [.. scored.GetColumn<float>(name).Select(value => (double)value)];
    }

    private static SngpOptions Seeded(SngpOptions options, int seed)
    {
        options.Seed = seed;
        return options;
    }
}
