using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A small table of two Gaussian clusters around (−1, −1) and (1, 1), one class each.</summary>
internal static class TwoClusters
{
    public sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public float Weight { get; set; } = 1;

        public bool IsHigh { get; set; }

        public double Height { get; set; }
    }

    public static Row[] Rows(int count, int seed = 1)
    {
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        return Enumerable.Range(0, count).Select(i =>
        {
            var center = i % 2 == 0 ? -1 : 1;
            return new Row
            {
                Features = [(float)(center + 0.3 * random.NextGaussian()), (float)(center + 0.3 * random.NextGaussian())],
                Label = i % 2 == 0 ? "low" : "high",
                IsHigh = i % 2 != 0,
                Height = 100 + (20 * center) + Math.Sin(i),
            };
        }).ToArray();
    }

    /// <summary>The table with its label as a key.</summary>
    public static IDataView Load(MLContext ml, IEnumerable<Row> rows)
    {
        var data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>Options of a network that trains in well under a second.</summary>
    public static SngpOptions QuickOptions(int epochs = 3) => new()
    {
        Seed = 1,
        Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 16 },
        GaussianProcess = { NumberOfRandomFeatures = 64 },
        Training = { NumberOfEpochs = epochs, BatchSize = 16, Device = TrainingDevice.Cpu },
    };
}
