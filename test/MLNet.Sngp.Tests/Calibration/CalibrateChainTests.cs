using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Calibration;

/// <summary>
/// Calibration composes as any estimator: after a fitted pipeline, in one, through steps in between, saved, loaded and exported.
/// </summary>
[TestClass]
public class CalibrateChainTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AppendedToAFittedPipelineItNeedsNoLabelToScoreAndExport()
    {
        var model = Pipeline().Fit(Rows(200));
        var calibrated = model.Append(_ml.Sngp().Calibrate().Fit(model.Transform(Rows(100, seed: 5), TransformerScope.Testing)));
        Assert.HasCount(4, calibrated.ToList());
        Assert.HasCount(3, calibrated.GetModelFor(TransformerScope.Scoring).ToList());
        var unlabelled = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(10).Select(row => new Unlabelled { Features = row.Features }));
        Assert.HasCount(10, calibrated.Transform(unlabelled).GetColumn<float[]>("Score").ToList());
        AssertExported(calibrated, unlabelled);
        Assert.AreEqual(1f, model.LastTransformer.Temperature);
        Assert.IsNull(model.LastTransformer.Calibration);
    }

    [TestMethod]
    public void InOneFitItFollowsTheTrainer()
    {
        var calibrated = Pipeline().Append(_ml.Sngp().Calibrate()).Fit(Rows(200));
        var report = calibrated.LastTransformer.Calibration!;
        Assert.AreEqual(200, report.NumberOfRows);
        Assert.AreEqual((float)report.Temperature, calibrated.LastTransformer.Temperature);
        Assert.AreEqual(report.LogLossAfter, _ml.Sngp().Evaluate(calibrated.Transform(Rows(200), TransformerScope.Testing)).LogLoss, 1e-6);
    }

    [TestMethod]
    public void TheModelIsFoundThroughStepsInBetween()
    {
        var model = Pipeline().Fit(Rows(200));
        var scored = model.Transform(Rows(100, seed: 5), TransformerScope.Testing);
        var expected = _ml.Sngp().Calibrate().Fit(scored).Calibration;
        foreach (var between in (IEstimator<ITransformer>[])[
            _ml.Transforms.CopyColumns("Again", "Uncertainty"),
            _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"),
            _ml.Transforms.SelectColumns("Features", "Label", "Uncertainty"),
            _ml.Transforms.CustomMapping<Scored, Doubled>((scored, doubled) => doubled.Twice = 2 * scored.Uncertainty, contractName: null),
            _ml.Transforms.CopyColumns("Again", "Variance").AppendCacheCheckpoint(_ml).Append(_ml.Transforms.DropColumns("Logits"))])
            Assert.AreEqual(expected, _ml.Sngp().Calibrate().Fit(between.Fit(scored).Transform(scored)).Calibration, between.ToString());
        Assert.AreEqual(expected, _ml.Sngp().Calibrate().Fit(_ml.Data.Cache(scored)).Calibration);
        Assert.AreEqual(expected, _ml.Sngp().Calibrate().Fit(_ml.Data.TakeRows(scored, 100)).Calibration);
    }

    [TestMethod]
    public void OfSeveralModelsTheLastIsMeantAndNotTheLastColumn()
    {
        using var first = SmallModel.Transformer(_ml);
        using var second = new SngpTransformer(_ml, first.Model.With(3, 0.1f));
        var data = Three(100);
        var copied = _ml.Transforms.CopyColumns("Again", "Uncertainty").Fit(first.Transform(data)).Transform(first.Transform(data));
        using var calibrated = _ml.Sngp().Calibrate(temperature: 3).Fit(second.Transform(copied));
        Assert.AreEqual(_ml.Sngp().Evaluate(second.Transform(data)).LogLoss, calibrated.Calibration!.LogLossBefore, 1e-6);
    }

    [TestMethod]
    public void TheFirstModelIsNotRunForTheSecond()
    {
        using var model = SmallModel.Transformer(_ml);
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(Three(50)));
        var scored = calibrated.Transform(model.Transform(Three(50)));
        model.Dispose();
        Assert.AreEqual(calibrated.Calibration!.LogLossAfter, _ml.Sngp().Evaluate(scored).LogLoss, 1e-6);
        Assert.AreEqual(50, _ml.Data.CreateEnumerable<ScoreRow>(scored, reuseRowObject: false).Count());
    }

    [TestMethod]
    public void SavedLoadedAndCalibratedAgainItScoresTheSame()
    {
        var model = Pipeline().Fit(Rows(200));
        var calibrated = model.Append(_ml.Sngp().Calibrate().Fit(model.Transform(Rows(100, seed: 5), TransformerScope.Testing)));
        using var zip = Save(calibrated);
        var loaded = (TransformerChain<ITransformer>)_ml.Sngp().Load(zip, out _);
        CollectionAssert.AreEqual(Scores(calibrated), Scores(loaded));
        AssertExported(loaded, Rows(4));
        zip.Position = 0;
        var plain = new MLContext().Model.Load(zip, out _);
        foreach (var (expected, actual) in Scores(calibrated).Zip(Scores(plain)))
            Assert.AreEqual(expected, actual, 1e-6);

        var last = (SngpTransformer)loaded.Last();
        Assert.AreEqual(calibrated.LastTransformer.Temperature, last.Temperature);
        Assert.IsNull(last.Calibration);
        var again = _ml.Sngp().Calibrate().Fit(loaded.Transform(Rows(100, seed: 5), TransformerScope.Testing));
        Assert.AreEqual(calibrated.LastTransformer.Temperature, again.Temperature, 1e-3);
    }

    [TestMethod]
    public void APredictionEngineAndFeatureImportanceTakeIt()
    {
        var model = Pipeline().Fit(Rows(200));
        var calibrated = model.Append(_ml.Sngp().Calibrate().Fit(model.Transform(Rows(100, seed: 5), TransformerScope.Testing)));
        using var engine = _ml.Model.CreatePredictionEngine<TwoClusters.Row, ScoreRow>(calibrated);
        var rows = TwoClusters.Rows(3, seed: 8);
        var expected = calibrated.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToList();
        for (var i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(expected[i], engine.Predict(rows[i]).Score);
        var scored = calibrated.Transform(Rows(50), TransformerScope.Testing);
        Assert.HasCount(2, _ml.MulticlassClassification.PermutationFeatureImportance(calibrated, scored));
    }

    [TestMethod]
    [DataRow("raw")]
    [DataRow("by a model that ML.NET loaded")]
    [DataRow("from a file")]
    public void DataThatNoModelScoredIsRefusedWithTheRemedy(string origin)
    {
        IDataView data = Rows(20);
        using var folder = new TemporaryFolder();
        if (origin == "by a model that ML.NET loaded")
        {
            using var zip = Save(Pipeline().Fit(Rows(60)));
            data = new MLContext().Model.Load(zip, out _).Transform(data);
        }
        if (origin == "from a file")
        {
            var path = Path.Combine(folder.Path, "scored.idv");
            using (var file = File.Create(path))
                _ml.Data.SaveAsBinary(Pipeline().Fit(Rows(60)).Transform(data), file);
            data = _ml.Data.LoadFromBinary(path);
        }
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate().Fit(data));
        Assert.Contains("mlContext.Sngp().Load", error.Message);
        Assert.Contains("Features", error.Message);
    }

    /// <summary>The graph gives the calibrated scores, and takes the features alone.</summary>
    private void AssertExported(ITransformer calibrated, IDataView data)
    {
        using var onnx = new MemoryStream();
        calibrated.SaveAsOnnx(_ml, data, onnx);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(onnx.ToArray());
        CollectionAssert.AreEqual(new[] { "Features" }, session.InputMetadata.Keys.ToArray());
        var rows = TwoClusters.Rows(6, seed: 9);
        var input = Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor("Features",
            new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(rows.SelectMany(row => row.Features).ToArray(), [rows.Length, 2]));
        using var results = session.Run([input], ["Score"]);
        var scored = calibrated.Transform(_ml.Data.LoadFromEnumerable(rows));
        var expected = scored.GetColumn<float[]>("Score").SelectMany(score => score).ToList();
        foreach (var (left, right) in expected.Zip(results[0].AsEnumerable<float>()))
            Assert.AreEqual(left, right, 1e-5);
    }

    private float[] Scores(ITransformer model) =>
        [.. model.Transform(Rows(30, seed: 7)).GetColumn<float[]>("Score").SelectMany(score => score)];

    private MemoryStream Save(ITransformer model)
    {
        var zip = new MemoryStream();
        _ml.Model.Save(model, Rows(1).Schema, zip);
        zip.Position = 0;
        return zip;
    }

    private EstimatorChain<SngpTransformer> Pipeline() => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"), TransformerScope.TrainTest)
        .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions()));

    private IDataView Rows(int count, int seed = 1) => _ml.Data.LoadFromEnumerable(TwoClusters.Rows(count, seed));

    private IDataView Three(int count)
    {
        var keys = _ml.Data.LoadFromEnumerable(SmallModel.ThreeLabels.Names.Select(name => new { Label = name }));
        var data = SampleTable.Create(_ml, count);
        return _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
    }

    private sealed class Unlabelled
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Uncertainty { get; set; }
    }

    private sealed class Doubled
    {
        public float Twice { get; set; }
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }
}
