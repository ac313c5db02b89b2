using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>The trainings that are killed: each takes some seconds and is the same in every process.</summary>
internal static class KillTraining
{
    public static readonly IReadOnlyList<string> Names = ["gathered-after", "momentum", "ensemble"];

    public static byte[] Run(string name, string checkpoint)
    {
        torch.set_num_threads(1);
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, name, checkpoint, Table(ml));
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

    private static SngpTransformer Train(MLContext ml, string name, string checkpoint, IDataView table) => name switch
    {
        "momentum" => ml.Sngp().Multiclass(
        Set(new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 256 }, Posterior =
        { CovarianceGathering = CovarianceGathering.Momentum, CovarianceMomentum = 0.99 } }, checkpoint)).Fit(table),
        "ensemble" => ml.Sngp().Multiclass(
        Set(new SngpOptions { NumberOfMembers = 3, Head = NetworkHead.Dense, Backbone = new ResidualMlp { SpectralNormBound = null },
        Training = { ValidationFraction = 0.2, NumberOfEpochs = 40 } }, checkpoint)).Fit(table),
        _ => ml.Sngp().Multiclass(Set(new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 256 } }, checkpoint)).Fit(table),
    };

    private static SngpOptions Set(SngpOptions options, string checkpoint)
    {
        ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = 3;
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 64;
        options.Training.BatchSize = 32;
        options.Seed = 1;
        options.Training.Device = TrainingDevice.Cpu;
        options.Training.CheckpointPath = checkpoint;
        return options;
    }

    private static IDataView Table(MLContext ml)
    {
        var rows = Enumerable.Range(0, 600).Select(i => new Row
        {
            Features = [MathF.Sin(i), MathF.Cos(3 * i) + i % 3, MathF.Sin(7 * i) - i % 3, i % 5],
            Label = i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c",
        });
        var table = ml.Data.LoadFromEnumerable(rows.ToList());
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table);
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
