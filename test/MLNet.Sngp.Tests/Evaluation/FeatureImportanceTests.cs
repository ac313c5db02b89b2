using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Evaluation;

/// <summary>The usual call for a whole pipeline, and the library's own for any pipeline.</summary>
[TestClass]
public sealed class FeatureImportanceTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void TheUsualCallTakesAWholePipelineAndNamesTheFeatures()
    {
        using var model = Pipeline().Fit(Table());
        var importance =
            _ml.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(Table(seed: 2)), permutationCount: 3);
        CollectionAssert.AreEquivalent(new[] { "Useful", "Noise" }, importance.Keys.ToArray());
        Assert.IsLessThan(-0.1, importance["Useful"].MicroAccuracy.Mean);
        Assert.IsGreaterThan(-0.1, importance["Noise"].MicroAccuracy.Mean);
        Assert.AreEqual(3, importance["Useful"].MicroAccuracy.Count);
    }

    [TestMethod]
    public void RawRowsServeToo()
    {
        using var model = Pipeline().Fit(Table());
        var importance = _ml.MulticlassClassification.PermutationFeatureImportance(model, Table(seed: 2));
        Assert.IsLessThan(-0.1, importance["Useful"].MicroAccuracy.Mean);
    }

    [TestMethod]
    public void APipelineThatEndsOtherwiseAndALoadedOneServe()
    {
        var pipeline = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(Table());
        Assert.IsLessThan(-0.1, _ml.Sngp().PermutationFeatureImportance(model, Table(seed: 2))["Useful"].MicroAccuracy.Mean);
        using var zip = new MemoryStream();
        _ml.Model.Save(model, Table().Schema, zip);
        zip.Position = 0;
        var loaded = _ml.Sngp().Load(zip, out _);
        Assert.IsLessThan(-0.1, _ml.Sngp().PermutationFeatureImportance(loaded, Table(seed: 2))["Useful"].MicroAccuracy.Mean);
    }

    [TestMethod]
    public void ABinaryModelServes()
    {
        var pipeline = _ml.Transforms.Concatenate("Features", "Useful", "Noise")
            .Append(_ml.Sngp().Binary(labelColumnName: "Truth", numberOfEpochs: 30));
        using var model = pipeline.Fit(Table());
        var typed = _ml.BinaryClassification.PermutationFeatureImportance(model, Table(seed: 2), labelColumnName: "Truth");
        Assert.IsLessThan(-0.1, typed["Useful"].Accuracy.Mean);
        Assert.IsLessThan(
            -0.1, _ml.Sngp().BinaryPermutationFeatureImportance(model, Table(seed: 2), labelColumnName: "Truth")["Useful"].Accuracy.Mean);
    }

    [TestMethod]
    public void SlotsWithoutOrWithTheSameNameHaveNamesOfTheirOwn()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        using var unnamed = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(data);
        CollectionAssert.AreEquivalent(new[] { "Slot 0", "Slot 1" }, _ml.Sngp().PermutationFeatureImportance(unnamed, data).Keys.ToArray());
        var twice = _ml.Transforms.Concatenate("Features", "Useful", "Useful").Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions()));
        using var model = twice.Fit(Table());
        CollectionAssert.AreEquivalent(new[] { "Useful", "Useful (Slot 1)" }, _ml.MulticlassClassification.PermutationFeatureImportance(
            model, Table()).Keys.ToArray());
    }

    [TestMethod]
    public void APipelineWithoutAModelIsRefused()
    {
        var other = _ml.Transforms.Concatenate("Features", "Useful").Fit(Table());
        Assert.Contains("holds no model of MLNet.Sngp", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().PermutationFeatureImportance(other, Table())).Message);
    }

    private EstimatorChain<SngpTransformer> Pipeline()
    {
        var options = TwoClusters.QuickOptions(epochs: 30);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "Useful", "Noise"))
            .Append(_ml.Sngp().Multiclass(options));
    }

    private IDataView Table(int seed = 1)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row
        {
            Useful = (i % 2 * 2) - 1 + (0.4f * (random.NextSingle() - 0.5f)),
            Noise = (2 * random.NextSingle()) - 1,
            Label = i % 2 == 0 ? "low" : "high",
            Truth = i % 2 == 1,
        }).ToList());
    }

    private sealed class Row
    {
        public float Useful { get; set; }

        public float Noise { get; set; }

        public string Label { get; set; } = "";

        public bool Truth { get; set; }
    }
}
