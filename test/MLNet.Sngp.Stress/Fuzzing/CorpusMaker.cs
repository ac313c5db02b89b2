using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Trains the models of Corpus/valid. To be run when the format of models changes.</summary>
internal static class CorpusMaker
{
    public static string Run(string[] arguments)
    {
        var folder = Directory.CreateDirectory(arguments[0]).FullName;
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, 60).Select(i => new Row
        {
            Features = [MathF.Sin(i) + (i % 3), MathF.Cos(i) - (i % 3), i % 3],
            Label = ((string[])["red", "green", "blue"])[i % 3],
            Truth = i % 3 == 0,
            Height = MathF.Sin(2 * i) + (i % 3),
        }).ToList();
        var table = ml.Data.LoadFromEnumerable(rows);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table);
        Save("sngp", ml.Sngp().Multiclass(Tiny(new SngpOptions())).Fit(keys));
        Save("per-class", ml.Sngp().Multiclass(Tiny(new SngpOptions { Posterior = { Covariance = PosteriorCovariance.PerClass } }))
            .Fit(keys));
        Save("draws", ml.Sngp().Multiclass(
            Tiny(new SngpOptions { GaussianProcess = { NormalizeGpInput = GpInputNormalization.LayerNorm }, Posterior =
                { PosteriorSamples = 3 } })).Fit(keys));
        Save("binary", ml.Sngp().Binary(Tiny(new SngpOptions { LabelColumnName = "Truth" })).Fit(keys));
        Save("regression", ml.Sngp().Regression(Tiny(new SngpOptions { LabelColumnName = "Height" })).Fit(keys));
        Save("regression-noise-ensemble", ml.Sngp().Regression(
            Tiny(new SngpOptions { LabelColumnName = "Height", HeteroscedasticNoise = true, NumberOfMembers = 2 })).Fit(keys));
        Save("deterministic", ml.Sngp().Multiclass(Small(SngpOptions.Deterministic())).Fit(keys));
        Save("dropout", ml.Sngp().Multiclass(Small(SngpOptions.MonteCarloDropout(3))).Fit(keys));
        Save("deep-ensemble", ml.Sngp().Multiclass(Small(SngpOptions.DeepEnsemble(2))).Fit(keys));
        Save("sngp-ensemble", ml.Sngp().Multiclass(Tiny(SngpOptions.SngpEnsemble(2))).Fit(keys));
        return $"{Directory.GetFiles(folder).Length} files in {folder}";

        void Save(string name, SngpTransformer transformer)
        {
            transformer.SaveAsOnnx(Path.Combine(folder, name + ".onnx"));
            transformer.Dispose();
        }
    }

    private static SngpOptions Tiny(SngpOptions options)
    {
        options.GaussianProcess.NumberOfRandomFeatures = 8;
        return Small(options);
    }

    private static SngpOptions Small(SngpOptions options)
    {
        ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = 1;
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 4;
        options.Training.NumberOfEpochs = 2;
        options.Training.BatchSize = 16;
        options.Seed = 1;
        options.Training.Device = TrainingDevice.Cpu;
        return options;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool Truth { get; set; }

        public float Height { get; set; }
    }
}
