using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Evaluation;

/// <summary>Rows whose features are missing have no score: they are left out, counted and warned of.</summary>
[TestClass]
public sealed class UnscoredRowsTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public UnscoredRowsTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
            _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    public void EvaluateGoesOnAsMLNetDoes()
    {
        using var model = Train();
        var (whole, holed) = (model.Transform(Rows(40)), model.Transform(Rows(41, missing: 40)));
        var (expected, actual) = (_ml.Sngp().Evaluate(whole), _ml.Sngp().Evaluate(holed));
        Assert.AreEqual((40, 0, 1), (actual.Count, actual.SkippedRowCount, actual.UnscoredRowCount));
        Assert.AreEqual(0, expected.UnscoredRowCount);
        Assert.AreEqual(expected.LogLoss, actual.LogLoss);
        Assert.AreEqual(expected.AreaUnderRiskCoverageCurve, actual.AreaUnderRiskCoverageCurve);
        Assert.AreEqual(_ml.MulticlassClassification.Evaluate(holed).LogLoss, actual.LogLoss, 1e-6);
        Assert.Contains("probabilities or uncertainty are NaN: 1 left out", _warnings[0]);
        Assert.Contains("ReplaceMissingValues", _warnings[0]);
    }

    [TestMethod]
    public void AnUncertaintyThatIsMissingCountsWhereItOrdersTheRows()
    {
        var view = ScoredRow.View(_ml, ScoredRow.Of(1, 0.4f, variance: 1), ScoredRow.Of(1, 0.9f, variance: float.NaN));
        Assert.AreEqual(0, _ml.Sngp().Evaluate(view).UnscoredRowCount);
        Assert.IsEmpty(_warnings);
        var ordered = _ml.Sngp().Evaluate(view, uncertaintyColumnName: "Variance");
        Assert.AreEqual((1, 1.0, 1), (ordered.Count, ordered.Accuracy, ordered.UnscoredRowCount));
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void ABinaryModelIsEvaluatedWithoutThem()
    {
        using var model = TwoClasses.Train(_ml);
        var rows = TwoClasses.Rows(20);
        rows[3].Features = [float.NaN, 1];
        var metrics = _ml.Sngp().Evaluate(model.Transform(_ml.Data.LoadFromEnumerable(rows)));
        Assert.AreEqual((19, 1), (metrics.Count, metrics.UnscoredRowCount));
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void OutOfDomainLeavesThemOut()
    {
        using var model = Train();
        var (inside, outside) = (model.Transform(Rows(20, missing: 0)), model.Transform(Rows(10, missing: 9)));
        var metrics = _ml.Sngp().EvaluateOutOfDomain(inside, outside);
        Assert.AreEqual((19, 1), (metrics.InDomainCount, metrics.UnscoredInDomainCount));
        Assert.AreEqual((9, 1), (metrics.OutOfDomainCount, metrics.UnscoredOutOfDomainCount));
        Assert.Contains("In-domain rows with NaN in column 'Variance': 1", _warnings[0]);
        Assert.Contains("Out-of-domain", _warnings[1]);
    }

    [TestMethod]
    public void DecideLeavesThemOutAndDefersThem()
    {
        using var model = Train();
        var scored = model.Transform(Rows(20, missing: 7));
        using var deciding = _ml.Sngp().Decide(new DecisionOptions { FalseAlarmRate = 0 }).Fit(scored);
        Assert.AreEqual((1.0, 19, 1), (deciding.Decision!.Coverage, deciding.Decision.NumberOfRows, deciding.Decision.InvalidRowCount));
        Assert.AreEqual(7, deciding.Transform(scored).GetColumn<bool>("Defer").ToList().IndexOf(true));
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void CalibrateLeavesThemOut(float value)
    {
        using var model = Train();
        using var expected = _ml.Sngp().Calibrate().Fit(model.Transform(Rows(40)));
        using var actual = _ml.Sngp().Calibrate().Fit(model.Transform(Rows(41, missing: 40, value)));
        var report = actual.Calibration!;
        Assert.AreEqual((40, 0, 1), (report.NumberOfRows, report.SkippedRowCount, report.UnscoredRowCount));
        CollectionAssert.AreEqual(expected.Model.Onnx.ToArray(), actual.Model.Onnx.ToArray());
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void NothingButSuchRowsIsRefused()
    {
        using var model = Train();
        var rows = Rows(1, missing: 0);
        Assert.Contains("1 have a value in column 'Score' that is no number",
            Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Evaluate(model.Transform(rows))).Message);
        Assert.Contains(
            "'Features'", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Calibrate().Fit(model.Transform(rows))).Message);
    }

    private SngpTransformer Train() => _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(Rows(40));

    private IDataView Rows(int count, int missing = -1, float value = float.NaN)
    {
        var rows = TwoClusters.Rows(count);
        if (missing >= 0)
            rows[missing].Features = [value, 1];
        return TwoClusters.Load(_ml, rows);
    }
}
