using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Calibration;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Calibration;

[TestClass]
public class CalibrateTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0.5, 2.0)]
    [DataRow(2.0, 0.1)]
    public void TheTrueTemperatureAndFactorAreFoundFromManyRows(double temperature, double factor)
    {
        using var transformer = SmallModel.Transformer(_ml);
        using var calibrated = _ml.Sngp().Calibrate().Fit(transformer.Transform(Sample(20_000, temperature, factor)));
        var report = calibrated.Calibration!;
        Assert.AreEqual(temperature, report.Temperature, 0.1 * temperature);
        Assert.AreEqual(factor, report.MeanFieldFactor!.Value, 0.35 * factor);
        Assert.AreEqual(20_000, report.NumberOfRows);
        Assert.IsLessThanOrEqualTo(report.LogLossBefore, report.LogLossAfter);
        Assert.AreEqual((float)report.Temperature, calibrated.Model.Temperature);
        Assert.AreEqual((float)report.MeanFieldFactor, calibrated.Model.MeanFieldFactor);
        Assert.AreEqual(SmallModel.Temperature, transformer.Model.Temperature);
    }

    [TestMethod]
    public void TheReportIsWhatEvaluateSays()
    {
        using var transformer = SmallModel.Transformer(_ml);
        var data = Sample(500, 0.7, 1);
        using var calibrated = _ml.Sngp().Calibrate().Fit(transformer.Transform(data));
        var report = calibrated.Calibration!;
        var (before, after) = (_ml.Sngp().Evaluate(transformer.Transform(data)), _ml.Sngp().Evaluate(calibrated.Transform(data)));
        Assert.AreEqual(before.LogLoss, report.LogLossBefore, 1e-6);
        Assert.AreEqual(after.LogLoss, report.LogLossAfter, 1e-6);
        Assert.AreEqual(before.ExpectedCalibrationError, report.ExpectedCalibrationErrorBefore, 1e-6);
        Assert.AreEqual(after.ExpectedCalibrationError, report.ExpectedCalibrationErrorAfter, 1e-6);
    }

    [TestMethod]
    public void EitherCanBeHeldFixed()
    {
        using var transformer = SmallModel.Transformer(_ml);
        var data = Sample(2000, 0.5, 2);
        using var sameTemperature = _ml.Sngp().Calibrate(temperature: 0.8).Fit(transformer.Transform(data));
        var report = sameTemperature.Calibration!;
        Assert.AreEqual(0.8, report.Temperature);
        Assert.AreNotEqual(SmallModel.MeanFieldFactor, report.MeanFieldFactor);
        using var sameFactor = _ml.Sngp().Calibrate(meanFieldFactor: 0).Fit(transformer.Transform(data));
        report = sameFactor.Calibration!;
        Assert.AreEqual(0.0, report.MeanFieldFactor);
        Assert.AreEqual(0f, sameFactor.Model.MeanFieldFactor);
        using var both = _ml.Sngp().Calibrate(temperature: 3, meanFieldFactor: 0.25).Fit(transformer.Transform(data));
        report = both.Calibration!;
        Assert.AreEqual(3f, both.Model.Temperature);
        Assert.AreEqual(0.25f, both.Model.MeanFieldFactor);
    }

    [TestMethod]
    public void RowsThatTheModelSeparatesDoNotTakeTheTemperatureToZero()
    {
        using var transformer = SmallModel.Transformer(_ml);
        // The most probable class has the lead by 2 at least: −ln p tends to 0 with T.
        var rows = Draw(600, 1, 0).Where(row => Lead(row) > 2).ToArray();
        foreach (var row in rows)
            row.Label =
                SmallModel.ThreeLabels.Names[Array.IndexOf(SmallModel.Logits(row.Features, 3), SmallModel.Logits(row.Features, 3).Max())];
        using var calibrated = _ml.Sngp().Calibrate().Fit(transformer.Transform(Load(rows)));
        var report = calibrated.Calibration!;
        Assert.IsGreaterThan(CalibrationObjective.MinimumTemperature, report.Temperature);
        Assert.IsLessThan(0.6, report.Temperature);
        Assert.IsGreaterThan(SmallModel.MeanFieldFactor / Math.Exp(2), report.MeanFieldFactor!.Value);

        static double Lead(Row row)
        {
            var logits = SmallModel.Logits(row.Features, 3).Order().ToArray();
            return logits[2] - logits[1];
        }
    }

    [TestMethod]
    public void RowsFarAwayStayUncertain()
    {
        var options = TwoClusters.QuickOptions(epochs: 30);
        (options.Training.LearningRate, options.GaussianProcess.KernelScale, options.GaussianProcess.NumberOfRandomFeatures) =
            (4e-4, 1, 256);
        (options.GaussianProcess.NormalizeGpInput, options.Training.LearningRateSchedule) =
            (GpInputNormalization.None, LearningRateSchedule.Constant);
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(400)));
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5))));
        var test = TwoClusters.Load(_ml, TwoClusters.Rows(400, seed: 6));
        var (before, after) = (_ml.Sngp().Evaluate(model.Transform(test)), _ml.Sngp().Evaluate(calibrated.Transform(test)));
        Assert.IsLessThan(0.25 * before.LogLoss, after.LogLoss);
        Assert.IsLessThan(0.02, after.LogLoss);
        Assert.IsLessThan(0.015, after.ExpectedCalibrationError);
        var far = TwoClusters.Rows(100, seed: 7);
        foreach (var row in far)
            row.Features = [row.Features[0] + 8, row.Features[1] - 8];
        var product = calibrated.Transform(TwoClusters.Load(_ml, far)).GetColumn<float[]>("Score")
            .Average(score => (double)score[0] * score[1]);
        Assert.IsGreaterThan(0.2, product);
    }

    [TestMethod]
    public void TheResultIsDeterministic()
    {
        using var transformer = SmallModel.Transformer(_ml);
        using var first = _ml.Sngp().Calibrate().Fit(transformer.Transform(Sample(300, 0.5, 1)));
        using var second = _ml.Sngp().Calibrate().Fit(transformer.Transform(Sample(300, 0.5, 1)));
        CollectionAssert.AreEqual(first.Model.Onnx.ToArray(), second.Model.Onnx.ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TheSplitGraphIsTheGraph(bool variancePerClass)
    {
        var model = SmallModel.Create(variancePerClass: variancePerClass);
        using var transformer = new SngpTransformer(_ml, model);
        using var other = new SngpTransformer(_ml, model.With(0.6f, 3));
        var data = Sample(3000, 1, 1);
        using var graph = new GraphProbabilities(model, ValidationRows.Read(model, data, "Label"));
        foreach (var (
            scored, probabilities) in new[] { (transformer, graph.Compute(SmallModel.Temperature, SmallModel.MeanFieldFactor)),
            (other, graph.Compute(0.6, 3)) })
        {
            var expected = scored.Transform(data).GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
            CollectionAssert.AreEqual(expected, probabilities.Select(p => (float)p).ToArray());
        }
    }

    [TestMethod]
    public void AChainIsCalibratedOnRawRows()
    {
        var data = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(200));
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 10))).Fit(data);
        var validation = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(300, seed: 5));
        TransformerChain<SngpTransformer> calibrated = chain.Append(_ml.Sngp().Calibrate().Fit(chain.Transform(validation)));
        var report = calibrated.LastTransformer.Calibration!;
        Assert.IsLessThan(report.LogLossBefore, report.LogLossAfter);
        Assert.AreEqual((float)report.Temperature, calibrated.LastTransformer.Temperature);
        Assert.AreEqual(report.LogLossAfter, _ml.Sngp().Evaluate(calibrated.Transform(validation)).LogLoss, 1e-6);
        Assert.AreEqual(1f, chain.LastTransformer.Temperature);
        Assert.AreEqual(chain.LastTransformer.KernelScale, calibrated.LastTransformer.KernelScale);
    }

    [TestMethod]
    public void MethodsWithoutAFactorGetTheTemperatureAlone()
    {
        var options = TwoClusters.QuickOptions(epochs: 10);
        options.Posterior.PosteriorSamples = 20;
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        var validation = TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5));
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(validation));
        var report = calibrated.Calibration!;
        Assert.IsNull(report.MeanFieldFactor);
        Assert.IsLessThan(report.LogLossBefore, report.LogLossAfter);
        Assert.AreEqual(report.LogLossAfter, _ml.Sngp().Evaluate(calibrated.Transform(validation)).LogLoss, 1e-6);
        var error =
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate(meanFieldFactor: 1).Fit(model.Transform(validation)));
        Assert.Contains("mean-field factor", error.Message);
    }

    [TestMethod]
    public void BadInputIsNamed()
    {
        using var transformer = SmallModel.Transformer(_ml);
        var data = Sample(10, 1, 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Calibrate(temperature: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Calibrate(meanFieldFactor: -1));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate(labelColumnName: ""));
        Assert.Contains("'Nowhere'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Sngp().Calibrate(labelColumnName: "Nowhere").Fit(transformer.Transform(data))).Message);
        Assert.Contains("predicts", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Calibrate(labelColumnName: "PredictedLabel").Fit(transformer.Transform(data))).Message);
        var rows = Draw(10, 1, 1);
        foreach (var row in rows)
            row.Label = "violet";
        Assert.Contains("'Label'", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Calibrate().Fit(transformer.Transform(Load(rows)))).Message);
    }

    private IDataView Sample(int count, double temperature, double factor) => Load(Draw(count, temperature, factor));

    /// <summary>Labels drawn from the small model's probabilities at the given temperature and factor.</summary>
    private static Row[] Draw(int count, double temperature, double factor)
    {
        var random = new SeededRandom(3, RandomPurpose.RowOrder);
        return Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, SmallModel.Features).Select(_ => (float)(3 * random.NextGaussian()))];
            var logits = Array.ConvertAll(SmallModel.Logits(features, 3), logit => (double)logit);
            var probabilities = MeanField.Softmax(MeanField.AdjustLogits(logits, SmallModel.Variance(features), factor, temperature));
            var u = random.NextDouble();
            var label = u < probabilities[0] ? 0 : u < probabilities[0] + probabilities[1] ? 1 : 2;
            return new Row { Features = features, Label = SmallModel.ThreeLabels.Names[label] };
        }).ToArray();
    }

    private IDataView Load(Row[] rows)
    {
        var keys = _ml.Data.LoadFromEnumerable(SmallModel.ThreeLabels.Names.Select(name => new { Label = name }));
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
    }

    private sealed class Row
    {
        [VectorType(SmallModel.Features)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
