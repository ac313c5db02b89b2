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
        }).ToList();
        var table = ml.Data.LoadFromEnumerable(rows);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table);
        Save("sngp", ml.Sngp().Multiclass(Tiny(new SngpTrainer.Options())).Fit(keys));
        Save("per-class", ml.Sngp().Multiclass(Tiny(new SngpTrainer.Options { Covariance = PosteriorCovariance.PerClass })).Fit(keys));
        Save("draws", ml.Sngp().Multiclass(Tiny(new SngpTrainer.Options { PosteriorSamples = 3, NormalizeGpInput = true })).Fit(keys));
        Save("binary", ml.Sngp().Binary(Tiny(new SngpTrainer.Options { LabelColumnName = "Truth" })).Fit(keys));
        Save("deterministic", ml.Sngp().Deterministic(Small(new DeterministicTrainer.Options())).Fit(keys));
        Save("dropout", ml.Sngp().MonteCarloDropout(Small(new MonteCarloDropoutTrainer.Options { NumberOfPasses = 3 })).Fit(keys));
        Save("deep-ensemble", ml.Sngp().DeepEnsemble(Small(new DeepEnsembleTrainer.Options { NumberOfMembers = 2 })).Fit(keys));
        Save("sngp-ensemble", ml.Sngp().SngpEnsemble(Tiny(new SngpEnsembleTrainer.Options { NumberOfMembers = 2 })).Fit(keys));
        return $"{Directory.GetFiles(folder).Length} files in {folder}";

        void Save(string name, SngpTransformer transformer)
        {
            transformer.SaveAsOnnx(Path.Combine(folder, name + ".onnx"));
            transformer.Dispose();
        }
    }

    private static TOptions Tiny<TOptions>(TOptions options) where TOptions : SngpTrainer.Options
    {
        options.NumberOfRandomFeatures = 8;
        return Small(options);
    }

    private static TOptions Small<TOptions>(TOptions options) where TOptions : NetworkTrainerOptions
    {
        options.NumberOfHiddenLayers = 1;
        options.NumberOfHiddenUnits = 4;
        options.NumberOfEpochs = 2;
        options.BatchSize = 16;
        options.Seed = 1;
        options.Device = TrainingDevice.Cpu;
        return options;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool Truth { get; set; }
    }
}
