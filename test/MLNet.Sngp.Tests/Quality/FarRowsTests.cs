using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Quality;

/// <summary>Rows that are far from all training rows, in one way or another, with nothing but defaults.</summary>
[TestClass]
public class FarRowsTests
{
    private const int Width = 20;

    [TestMethod]
    [DataRow("one column alone")]
    [DataRow("their own direction")]
    [DataRow("noise")]
    public void RowsFarOutAreFound(string how)
    {
        var ml = new MLContext(1);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Sngp().Multiclass(new SngpOptions { Seed = 1 }))
            .Fit(ml.Data.LoadFromEnumerable(Rows(300, 1)));
        var far = Rows(200, 2);
        var random = new Random(3);
        for (var i = 0; i < far.Length; i++)
        {
            far[i].Features = how switch
            {
                "one column alone" => [.. far[i].Features.Select((value, column) => column == i % Width ? 15 : value)],
                "their own direction" => [.. far[i].Features.Select(value => 10 * value)],
                _ => [.. far[i].Features.Select(_ => 20 * random.NextSingle() - 10)],
            };
        }
        var found = ml.Sngp().EvaluateOutOfDomain(
            model.Transform(ml.Data.LoadFromEnumerable(Rows(200, 4))), model.Transform(ml.Data.LoadFromEnumerable(far)), "Variance");
        Assert.IsGreaterThanOrEqualTo(0.99, found.AreaUnderRocCurve);
    }

    // Two classes around (1, 1, …) and (−1, −1, …), with deviation 1.
    private static Row[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Label = i % 2 == 0 ? "high" : "low",
            Features = [.. Enumerable.Range(0, Width).Select(_ => (i % 2 == 0 ? 1 : -1) + Gaussian(random))],
        })];
    }

    private static float Gaussian(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(Width)]
        public float[] Features { get; set; } = [];
    }
}
