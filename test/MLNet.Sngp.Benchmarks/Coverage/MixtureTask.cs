using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.Coverage;

/// <summary>
/// Normal clusters of deviation 1 on a circle, one for each class: any number of rows can be drawn, and the probabilities of the classes
/// of a row are known.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Radius">The radius of the circle.</param>
/// <param name="Risks">Error rates that a threshold can keep to: about that of all rows, and more.</param>
internal sealed record MixtureTask(string Name, int Classes, double Radius, double[] Risks)
{
    public static readonly MixtureTask[] All = [new("3 classes", 3, 2.2, [0.05, 0.1]), new("10 classes", 10, 3.5, [0.2, 0.3])];

    internal sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    public Row[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var label = random.Next(Classes);
            var (x, y) = Centre(label);
            return new Row { Features = [(float)(x + Normal(random)), (float)(y + Normal(random))], Label = (uint)label };
        })];
    }

    /// <summary>Rows 8 to 48 units outside of the circle.</summary>
    public Row[] Far(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (angle, distance) = (random.NextDouble() * 2 * Math.PI, Radius + 8 + (random.NextDouble() * 40));
            return new Row { Features = [(float)(distance * Math.Cos(angle)), (float)(distance * Math.Sin(angle))] };
        })];
    }

    /// <summary>Rows of a cluster that no class has, at a distance from the circle's centre: 0 is between the classes.</summary>
    public Row[] Strange(double distance, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var angle = random.NextDouble() * 2 * Math.PI;
            return new Row
            {
                Features = [(float)((distance * Math.Cos(angle)) + Normal(random)), (float)((distance * Math.Sin(angle)) + Normal(random))],
            };
        })];
    }

    /// <summary>The probability that a row is not of a class.</summary>
    public double ErrorProbability(Row row, int predicted)
    {
        double[] densities = [.. Enumerable.Range(0, Classes).Select(k =>
        {
            var (x, y) = Centre(k);
            return Math.Exp(-(Square(row.Features[0] - x) + Square(row.Features[1] - y)) / 2);
        })];
        return 1 - (densities[predicted] / densities.Sum());
    }

    public IDataView Load(MLContext ml, Row[] rows)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        return ml.Data.LoadFromEnumerable(rows, definition);
    }

    /// <summary>A small network: what is measured are the steps behind it.</summary>
    public SngpTransformer Train(MLContext ml) => ml.Sngp().Multiclass(new SngpOptions
    {
        Seed = 1,
        Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 16 },
        GaussianProcess = { NumberOfRandomFeatures = 64 },
        Training = { NumberOfEpochs = 30 },
    }).Fit(Load(ml, Draw(2000, seed: 1)));

    private (double X, double Y) Centre(int label)
    {
        var angle = 2 * Math.PI * label / Classes;
        return (Radius * Math.Cos(angle), Radius * Math.Sin(angle));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Square(double value) => value * value;
}
