using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Backbones;
using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Backbones;

/// <summary>Rules that hold for every training row, and rows that break them.</summary>
[TestClass]
public sealed class FeatureInvariantsTests
{
    private const int Blocks = 4, Categories = 5;

    [TestMethod]
    public void EachBlockOfCategoriesHasOneRule()
    {
        using var scope = NewDisposeScope();
        var invariants = Find([.. Rows(400).Select(row => row.Features)])!;
        CollectionAssert.AreEqual(new long[] { Blocks * Categories, Blocks }, invariants.shape);
        Assert.IsTrue(allclose(invariants.t().mm(invariants), eye(Blocks, dtype: ScalarType.Float64), rtol: 0, atol: 1e-9));
    }

    [TestMethod]
    public void IndependentFeaturesConstantsAndFewRowsHaveNone()
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        Assert.IsNull(Find([.. Enumerable.Range(0, 100).Select(_ => new[] { random.NextSingle(), random.NextSingle(), 7f })]));
        Assert.IsNull(Find([.. Rows(99).Select(row => row.Features)]));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(Blocks)]
    public void RowsOfUnseenCategoriesAreFarAway(int unseen)
    {
        var ml = new MLContext(1);
        var options = new SngpOptions { Seed = 1, GaussianProcess = { NumberOfRandomFeatures = 256 }, Training = { NumberOfEpochs = 20 } };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Sngp().Multiclass(options))
            .Fit(ml.Data.LoadFromEnumerable(Rows(400)));
        var known = Rows(200, seed: 2);
        var others = Rows(200, seed: 3);
        foreach (var row in others)
            Array.Clear(row.Features, 0, unseen * Categories);
        var metrics = ml.Sngp().EvaluateOutOfDomain(
            model.Transform(ml.Data.LoadFromEnumerable(known)), model.Transform(ml.Data.LoadFromEnumerable(others)), "Variance");
        Assert.IsGreaterThanOrEqualTo(0.99, metrics.AreaUnderRocCurve);
    }

    private static Tensor? Find(float[][] rows)
    {
        var table = new TrainingTable(rows[0].Length, hasWeights: false);
        foreach (var row in rows)
        {
            row.CopyTo(table.NextRow());
            table.Keep(0, 1);
        }
        return FeatureInvariants.Of(table, FeatureMoments.Of(table, () => { }), () => { });
    }

    private static Row[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var row = new Row();
            int[] categories = [.. Enumerable.Range(0, Blocks).Select(_ => random.Next(Categories))];
            for (var block = 0; block < Blocks; block++)
                row.Features[(block * Categories) + categories[block]] = 1;
            row.Label = categories[0] + categories[1] > 3 ? "many" : "few";
            return row;
        })];
    }

    private sealed class Row
    {
        [VectorType(Blocks * Categories)]
        public float[] Features { get; set; } = new float[Blocks * Categories];

        public string Label { get; set; } = "";
    }
}
