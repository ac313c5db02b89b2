using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Evaluation;

/// <summary>Evaluation of a Boolean label and the probability of true.</summary>
[TestClass]
public sealed class BinaryEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void EvaluateAgreesWithHandCalculation()
    {
        var metrics = _ml.Sngp().Evaluate(View(new(true, 0.75f), new(false, 0.25f), new(true, 0.25f)));
        Assert.AreEqual(3, metrics.Count);
        Assert.AreEqual(2 / 3.0, metrics.Accuracy, 1e-12);
        Assert.AreEqual((-2 * Math.Log(0.75) - Math.Log(0.25)) / 3, metrics.LogLoss, 1e-12);
        Assert.AreEqual((0.125 + 0.125 + 1.125) / 3, metrics.BrierScore, 1e-12);
    }

    [TestMethod]
    public void EvaluateAgreesWithTheEvaluatorOfMLNetOnAModel()
    {
        using var model = TwoClasses.Train(_ml, epochs: 10);
        var scored = model.Transform(TwoClasses.Load(_ml, 100, seed: 2));
        var ours = _ml.Sngp().Evaluate(scored);
        var theirs = _ml.BinaryClassification.Evaluate(scored);
        Assert.AreEqual(theirs.Accuracy, ours.Accuracy, 1e-12);
        Assert.AreEqual(theirs.LogLoss * Math.Log(2), ours.LogLoss, 1e-6);
    }

    [TestMethod]
    public void DecideAndOutOfDomainTakeABinaryModel()
    {
        using var model = TwoClasses.Train(_ml, epochs: 20, rows: 200);
        var rows = TwoClasses.Rows(100, seed: 2);
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        using var deciding = _ml.Sngp().Decide(new DecisionOptions { MinimumCoverage = 0.8, FalseAlarmRate = 0 }).Fit(scored);
        Assert.AreEqual(19, deciding.Transform(scored).GetColumn<bool>("Defer").Count(defer => defer));

        var far = Array.ConvertAll(rows, row => new TwoClasses.Row { Features = [row.Features[0] + 8, row.Features[1] - 8] });
        Assert.IsGreaterThan(
            0.95, _ml.Sngp().EvaluateOutOfDomain(scored, model.Transform(_ml.Data.LoadFromEnumerable(far))).AreaUnderRocCurve);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(20)]
    public void CalibrationTakesABinaryModel(int? posteriorSamples)
    {
        var options = TwoClusters.QuickOptions(epochs: 10);
        options.Posterior.PosteriorSamples = posteriorSamples;
        using var model = _ml.Sngp().Binary(options).Fit(TwoClasses.Load(_ml, 100));
        var validation = TwoClasses.Load(_ml, 200, seed: 2);
        using var calibrated = _ml.Sngp().Calibrate().Fit(model.Transform(validation));
        var report = calibrated.Calibration!;
        Assert.IsLessThan(report.LogLossBefore, report.LogLossAfter);
        Assert.AreEqual(200, report.NumberOfRows);
        Assert.AreEqual(
            report.LogLossAfter, _ml.BinaryClassification.Evaluate(calibrated.Transform(validation)).LogLoss * Math.Log(2), 1e-5);
    }

    [TestMethod]
    public void CalibrationRefusesALabelOfTheOtherKind()
    {
        using var binary = TwoClasses.Train(_ml);
        using var multiclass = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        var (truths, keys) = (TwoClasses.Load(_ml, 20), TwoClusters.Load(_ml, TwoClusters.Rows(20)));
        Assert.Contains(
            "Boolean", Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate().Fit(binary.Transform(keys))).Message);
        Assert.Contains(
            "key", Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate().Fit(multiclass.Transform(truths))).Message);
    }

    [TestMethod]
    public void TheColumnOfProbabilitiesCanBeNamedAndMustBeSingle()
    {
        var view = View(new Row(true, 0.75f));
        Assert.AreEqual(-Math.Log(0.75), _ml.Sngp().Evaluate(view, scoreColumnName: "Probability").LogLoss, 1e-12);
        Assert.Contains("'Probability'", Assert.Throws<ArgumentException>(
            () => _ml.Sngp().Evaluate(_ml.Transforms.DropColumns("Probability").Fit(view).Transform(view))).Message);
        Assert.Contains("'Text'", Assert.Throws<ArgumentException>(() => _ml.Sngp().Evaluate(view, scoreColumnName: "Text")).Message);
        Assert.Contains("Row 0", Assert.Throws<InvalidOperationException>(() => _ml.Sngp().Evaluate(View(new Row(true, 2)))).Message);
        Assert.Contains(
            "'Probability'", Assert.Throws<InvalidOperationException>(() => _ml.Sngp().Evaluate(View(new Row(true, float.NaN)))).Message);
    }

    private IDataView View(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row(bool label, float probability)
    {
        public bool Label { get; } = label;

        public float Probability { get; } = probability;

        public string Text { get; } = "";
    }
}
