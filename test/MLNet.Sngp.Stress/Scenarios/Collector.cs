using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Trains with every method while a thread collects garbage and waits for finalisers without a pause: the same bytes as
/// alone.</summary>
/// <remarks>What native code reads, and nothing on the managed side holds, is freed under it here within seconds.</remarks>
internal static class Collector
{
    private static readonly (string Name, Func<MLContext, IEstimator<SngpTransformer>> Create)[] Methods =
    [
        ("Multiclass", ml => ml.Sngp().Multiclass(
        Quick(new SngpOptions { GaussianProcess =
        { NumberOfRandomFeatures = 64, NormalizeGpInput = GpInputNormalization.LayerNorm, OutputBias = 0.5, OutputWeightDecay = 1e-4 } }))),
        ("Covariance per class, orthogonal", ml => ml.Sngp()
        .Multiclass(Quick(
        new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 64, OrthogonalRandomFeatures = true }, Posterior =
        { Covariance = PosteriorCovariance.PerClass } }))),
        ("Momentum, linear", ml => ml.Sngp().Multiclass(
        Quick(new SngpOptions { GaussianProcess = { Kernel = GaussianProcessKernel.Linear }, Posterior =
        { CovarianceGathering = CovarianceGathering.Momentum, CovarianceMomentum = 0.99 } }))),
        ("Deterministic", ml => ml.Sngp().Multiclass(Quick(SngpOptions.Deterministic()))),
        ("MonteCarloDropout", ml => ml.Sngp().Multiclass(Quick(SngpOptions.MonteCarloDropout(5)))),
        ("DeepEnsemble", ml => ml.Sngp().Multiclass(Quick(SngpOptions.DeepEnsemble(2)))),
        ("SngpEnsemble", ml => ml.Sngp()
        .Multiclass(Quick(new SngpOptions { NumberOfMembers = 2, GaussianProcess = { NumberOfRandomFeatures = 64 } }))),
    ];

    /// <param name="arguments"><c>--minutes</c> and a number; 10 without.</param>
    public static string Run(string[] arguments)
    {
        var at = Array.IndexOf(arguments, "--minutes");
        var minutes = at < 0 ? Scenario.Rounds(600) / 60.0 : double.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
        var time = Stopwatch.StartNew();
        using var collecting = new Collecting();
        var first = Array.ConvertAll(Methods, method => Train(method.Create));
        var trainings = Methods.Length;
        while (time.Elapsed.TotalMinutes < minutes)
        {
            for (var i = 0; i < Methods.Length; i++, trainings++)
                Scenario.Require(Train(Methods[i].Create).AsSpan().SequenceEqual(first[i]), FormattableString.Invariant(
                    $"Training {trainings}, {Methods[i].Name}, gave another model than the first time."));
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{trainings} trainings of {Methods.Length} kinds beside {collecting.Count} collections in {time.Elapsed.TotalMinutes:F1} "
            + $"minutes, equal bytes:");
    }

    private static byte[] Train(Func<MLContext, IEstimator<SngpTransformer>> create)
    {
        var ml = new MLContext(seed: 1);
        var table = Clusters.Table(ml, 400);
        using var model = create(ml).Fit(ml.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table));
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

    private static SngpOptions Quick(SngpOptions options)
    {
        options.Training.NumberOfEpochs = 5;
        ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = 2;
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 32;
        options.Training.BatchSize = 32;
        options.Training.Device = TrainingDevice.Cpu;
        options.Seed = 1;
        return options;
    }
}
