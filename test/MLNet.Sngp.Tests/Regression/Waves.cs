using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>y = 10 + 5·sin x + 0.8·ε over x in [−3, 3], with a second feature of no use.</summary>
internal static class Waves
{
    public const double NoiseVariance = 0.64;

    public sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public double Exact { get; set; }

        public float Weight { get; set; } = 1;
    }

    public static Row[] Rows(int count, int seed = 1)
    {
        var random = new SeededRandom(seed, RandomPurpose.RowOrder);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var x = (6 * random.NextDouble()) - 3;
            var label = (float)(10 + (5 * Math.Sin(x)) + (0.8 * random.NextGaussian()));
            return new Row { Features = [(float)x, (float)random.NextGaussian()], Label = label, Exact = label };
        })];
    }

    public static IDataView Load(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>Options of a network that trains in about a second on some thousand rows.</summary>
    public static SngpOptions Options(int epochs = 10) => new()
    {
        Seed = 1,
        Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 32 },
        GaussianProcess = { NumberOfRandomFeatures = 256 },
        Training = { NumberOfEpochs = epochs, BatchSize = 64, Device = TrainingDevice.Cpu },
    };
}
