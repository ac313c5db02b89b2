using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Calibration;

/// <summary>Calibration of what each trainer makes.</summary>
[TestClass]
public class CalibrateMethodsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void EveryMethodIsCalibrated(string method)
    {
        using var model = Methods.Create(_ml, method).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        AssertCalibrated(model);
        Assert.AreEqual(method, model.Model.Method);
    }

    [TestMethod]
    [DataRow("Poisson")]
    [DataRow("per class")]
    [DataRow("normalised")]
    public void EveryPosteriorIsCalibrated(string mode)
    {
        var options = TwoClusters.QuickOptions();
        switch (mode)
        {
            case "Poisson": options.Posterior.Likelihood = GaussianProcessLikelihood.Poisson; break;
            case "per class": options.Posterior.Covariance = PosteriorCovariance.PerClass; break;
            case "normalised": options.GaussianProcess.NormalizeGpInput = GpInputNormalization.LayerNorm; break;
        }
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        AssertCalibrated(model);
    }

    [TestMethod]
    public void ABinaryModelIsCalibratedOnABooleanLabel()
    {
        using var model = TwoClasses.Train(_ml);
        var rows = TwoClasses.Rows(300, seed: 5);
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(_ml.Data.LoadFromEnumerable(rows)));
        var report = calibrated.Calibration!;
        Assert.IsLessThan(report.LogLossBefore, report.LogLossAfter);
        Assert.AreEqual(LogLoss(model, rows), report.LogLossBefore, 1e-6);
        Assert.AreEqual(LogLoss(calibrated, rows), report.LogLossAfter, 1e-6);
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate()
            .Fit(model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(10)))));
        Assert.Contains("Boolean", error.Message);
    }

    private void AssertCalibrated(SngpTransformer model)
    {
        var validation = TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5));
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(validation));
        var report = calibrated.Calibration!;
        Assert.AreEqual(model.GetType(), calibrated.GetType());
        Assert.AreEqual(model.Model.MeanFieldFactor is null, report.MeanFieldFactor is null);
        Assert.IsLessThan(report.LogLossBefore, report.LogLossAfter);
        var (before, after) = (model.Transform(validation), calibrated.Transform(validation));
        Assert.AreEqual(_ml.Sngp().Evaluate(before).LogLoss, report.LogLossBefore, 1e-6);
        Assert.AreEqual(_ml.Sngp().Evaluate(after).LogLoss, report.LogLossAfter, 1e-6);
        Assert.AreEqual(_ml.Sngp().Evaluate(after).ExpectedCalibrationError, report.ExpectedCalibrationErrorAfter, 1e-6);
        CollectionAssert.AreEqual(Flat(before, "Logits"), Flat(after, "Logits"));
        CollectionAssert.AreNotEqual(Flat(before, "Score"), Flat(after, "Score"));
    }

    private double LogLoss(ITransformer model, TwoClasses.Row[] rows) =>
        TwoClasses.Predict(_ml, model, rows).Zip(rows)
            .Average(pair => -Math.Log(pair.Second.Label ? pair.First.Probability : 1.0 - pair.First.Probability));

    private static float[] Flat(IDataView scored, string column) => [.. scored.GetColumn<float[]>(column).SelectMany(row => row)];
}
