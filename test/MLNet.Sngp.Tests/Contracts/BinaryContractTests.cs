using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>A trained binary model among ML.NET's own catalogs, files and engines.</summary>
[TestClass]
public sealed class BinaryContractTests
{
    private static readonly string[] Added = ["PredictedLabel", "Probability", "Score", "Variance", "Uncertainty"];
    private static SngpTransformer s_model = null!;
    private readonly MLContext _ml = new(1);

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = TwoClasses.Train(new MLContext(1), epochs: 20, rows: 200);

    [ClassCleanup]
    public static void Free() => s_model.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(1025)]
    public void HoldsForEveryNumberOfRows(int rows) => TransformerContract.Check(s_model, TwoClasses.Load(_ml, rows), rows);

    [TestMethod]
    public void HoldsOnItsOwnOutputWhoseColumnsItHides()
    {
        var twice = s_model.Transform(TwoClasses.Load(_ml, 50));
        TransformerContract.Check(s_model, twice, 50);
        Assert.AreEqual(2, s_model.Transform(twice).Schema.Count(column => column.Name == "Probability"));
    }

    [TestMethod]
    public void MLNetsMetricsTakeTheColumns()
    {
        var rows = TwoClasses.Load(_ml, 200, seed: 2);
        var scored = s_model.Transform(rows);
        var metrics = _ml.BinaryClassification.Evaluate(scored);
        Assert.IsGreaterThan(0.97, metrics.Accuracy);
        Assert.IsGreaterThan(0.97, metrics.AreaUnderRocCurve);
        Assert.IsGreaterThan(0.97, metrics.AreaUnderPrecisionRecallCurve);
        Assert.AreEqual(LogLoss(scored), metrics.LogLoss, 1e-5);
        var plain = _ml.BinaryClassification.EvaluateNonCalibrated(scored);
        Assert.AreEqual(metrics.Accuracy, plain.Accuracy);
        Assert.AreEqual(metrics.F1Score, plain.F1Score);
    }

    [TestMethod]
    public void CrossValidateTrainsAndScoresEveryFold()
    {
        var trainer = _ml.Sngp().Binary(TwoClusters.QuickOptions(epochs: 15));
        var folds = _ml.BinaryClassification.CrossValidate(TwoClasses.Load(_ml, 200), trainer, numberOfFolds: 3);
        Assert.HasCount(3, folds);
        foreach (var fold in folds)
        {
            Assert.IsGreaterThan(0.95, fold.Metrics.Accuracy);
            Assert.IsLessThan(0.7, fold.Metrics.LogLoss);
            (fold.Model as IDisposable)?.Dispose();
        }
        foreach (var fold in _ml.BinaryClassification.CrossValidateNonCalibrated(TwoClasses.Load(_ml, 200), trainer, numberOfFolds: 2))
            Assert.IsGreaterThan(0.95, fold.Metrics.Accuracy);
    }

    [TestMethod]
    public void PermutationFeatureImportanceTakesTheTransformer()
    {
        var scored = s_model.Transform(TwoClasses.Load(_ml, 200, seed: 2));
        var importance = _ml.BinaryClassification.PermutationFeatureImportance(s_model, scored, permutationCount: 2);
        Assert.HasCount(2, importance);
        foreach (var feature in importance)
            Assert.IsLessThan(-0.01, feature.AreaUnderRocCurve.Mean, "Either feature tells the clusters apart.");
    }

    [TestMethod]
    public void PredictionEnginesGiveTheSameBeforeSavingAndAfterLoading()
    {
        var rows = TwoClasses.Rows(20, seed: 4);
        var expected = TwoClasses.Predict(_ml, s_model, rows);
        using var zip = new MemoryStream();
        _ml.Model.Save(s_model, TwoClasses.Load(_ml, 1).Schema, zip);
        var plain = new MLContext().Model.Load(zip, out _);
        zip.Position = 0;
        var batching = _ml.Sngp().Load(zip, out _);
        foreach (var loaded in new[] { s_model, plain, batching })
        {
            using var engine = _ml.Model.CreatePredictionEngine<TwoClasses.Row, TwoClasses.Prediction>(loaded,
                new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < rows.Length; i++)
                AssertSame(expected[i], engine.Predict(rows[i]));
        }
        (plain as IDisposable)?.Dispose();
        (batching as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void SavingAndLoadingKeepColumnsAndValues()
    {
        var table = TwoClasses.Load(_ml, 30, seed: 5);
        var rows = TwoClasses.Rows(30, seed: 5);
        var expected = TwoClasses.Predict(_ml, s_model, rows);
        var columns = DataViewReader.Describe(s_model.GetOutputSchema(table.Schema));
        using var zip = new MemoryStream();
        _ml.Model.Save(s_model, table.Schema, zip);
        using var onnx = new MemoryStream();
        s_model.SaveAsOnnx(onnx);
        onnx.Position = 0;
        var loaded = new[] { new MLContext().Model.Load(zip, out _), _ml.Sngp().Load(Rewind(zip), out _), _ml.Sngp().LoadOnnx(onnx) };
        Assert.IsInstanceOfType<SngpTransformer>(loaded[2]);
        foreach (var model in loaded)
        {
            CollectionAssert.AreEqual(columns, DataViewReader.Describe(model.GetOutputSchema(table.Schema)));
            var actual = TwoClasses.Predict(_ml, model, rows);
            for (var i = 0; i < rows.Length; i++)
                AssertSame(expected[i], actual[i]);
            Assert.AreEqual(_ml.BinaryClassification.Evaluate(s_model.Transform(table)).LogLoss, _ml.BinaryClassification.Evaluate(
                model.Transform(table)).LogLoss, 1e-5);
            (model as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void StepsBeforeAndAfterWork()
    {
        var table = TwoClasses.Load(_ml, 60);
        var pipeline = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Sngp().Binary(TwoClusters.QuickOptions()))
            .Append(_ml.Transforms.SelectColumns(Added));
        using var model = pipeline.Fit(table);
        CollectionAssert.AreEqual(Added, model.Transform(table).Schema.Select(column => column.Name).ToArray());
    }

    private static MemoryStream Rewind(MemoryStream stream)
    {
        stream.Position = 0;
        return stream;
    }

    private static void AssertSame(TwoClasses.Prediction expected, TwoClasses.Prediction actual)
    {
        Assert.AreEqual(expected.PredictedLabel, actual.PredictedLabel);
        Assert.AreEqual(expected.Probability, actual.Probability, 1e-6f);
        Assert.AreEqual(expected.Score, actual.Score, 1e-5f);
        Assert.AreEqual(expected.Variance, actual.Variance, 1e-6f);
        Assert.AreEqual(expected.Uncertainty, actual.Uncertainty, 1e-6f);
    }

    // In bits, as in ML.NET.
    private static double LogLoss(IDataView scored) => scored.GetColumn<bool>("Label").Zip(scored.GetColumn<float>("Probability"))
        .Average(row => -Math.Log2(row.First ? row.Second : 1.0 - row.Second));
}
