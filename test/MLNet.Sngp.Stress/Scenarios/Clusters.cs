using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Two Gaussian clusters in a few dimensions, and models of them.</summary>
internal static class Clusters
{
    public const int Width = 4;

    public sealed class Row
    {
        [VectorType(Width)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    public sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public float Variance { get; set; }

        public float Uncertainty { get; set; }
    }

    public static Row[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Draw(random, i % 2))];
    }

    public static IDataView Table(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Rows(count, seed));

    public static SngpTransformer Train(MLContext ml, int seed = 1, int rows = 400, int epochs = 3, int units = 32, int randomFeatures = 64)
    {
        var table = Table(ml, rows, seed);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table);
        return ml.Sngp().Multiclass(new SngpOptions
        {
            Seed = seed,
            Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = units },
            GaussianProcess = { NumberOfRandomFeatures = randomFeatures },
            Training = { NumberOfEpochs = epochs, BatchSize = 64, Device = TrainingDevice.Cpu },
        }).Fit(keys);
    }

    private static Row Draw(Random random, int cluster)
    {
        var features = new float[Width];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)((2 * cluster) - 1 + (0.8 * ((2 * random.NextDouble()) - 1)));
        return new Row { Features = features, Label = cluster == 0 ? "low" : "high" };
    }
}
