using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

/// <summary>Evaluation says what the columns with stated rates come to.</summary>
[TestClass]
public sealed class StepEvaluationTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void SetsHaveTheirCoverageAndSize()
    {
        using var model = SmallModel.Transformer(_ml);
        using var sets = _ml.Sngp().ConformalSets(0.7).Fit(model.Transform(Three(60)));
        var scored = sets.Transform(Three(91));
        var metrics = _ml.Sngp().Evaluate(scored).PredictionSets!;
        var rows = scored.GetColumn<uint>("Label").Zip(scored.GetColumn<bool[]>("PredictionSet")).ToList();
        Assert.AreEqual(91, metrics.Count);
        Assert.AreEqual(rows.Average(row => row.Second[(int)row.First - 1] ? 1.0 : 0), metrics.Coverage, 1e-12);
        Assert.AreEqual(scored.GetColumn<float>("SetSize").Average(), metrics.MeanSetSize, 1e-6);
        for (var k = 0; k < 3; k++)
        {
            var own = rows.Where(row => row.First == k + 1).ToList();
            Assert.AreEqual(own.Average(row => row.Second[k] ? 1.0 : 0), metrics.CoverageByClass[k], 1e-12);
        }
        Assert.IsNull(_ml.Sngp().Evaluate(model.Transform(Three(60))).PredictionSets);
    }

    [TestMethod]
    public void NoveltyHasItsFalseAlarmsAndDetectionsAndEachScoreItsArea()
    {
        using var model = SmallModel.Transformer(_ml);
        using var watching = _ml.Sngp().Novelty(0.1).Fit(model.Transform(SampleTable.Create(_ml, 100)));
        var inside = watching.Transform(SampleTable.Create(_ml, 70));
        var rows = SampleTable.Rows(40);
        foreach (var row in rows.Skip(10))
            row.Features[0] += 20;
        var outside = watching.Transform(_ml.Data.LoadFromEnumerable(rows));
        var metrics = _ml.Sngp().EvaluateOutOfDomain(inside, outside);
        Assert.AreEqual(inside.GetColumn<bool>("IsNovel").Count(isNovel => isNovel) / 70.0, metrics.FalseAlarmRate!.Value, 1e-12);
        Assert.AreEqual(outside.GetColumn<bool>("IsNovel").Count(isNovel => isNovel) / 40.0, metrics.DetectionRate!.Value, 1e-12);
        CollectionAssert.AreEquivalent(new[] { "Variance", "Uncertainty", "Novelty" }, metrics.AreaUnderRocCurveByColumn.Keys.ToArray());
        Assert.AreEqual(metrics.AreaUnderRocCurve, metrics.AreaUnderRocCurveByColumn["Variance"]);
        Assert.IsGreaterThan(0.75, metrics.AreaUnderRocCurveByColumn["Novelty"]);
        Assert.AreEqual(
            metrics.AreaUnderRocCurveByColumn["Novelty"], _ml.Sngp().EvaluateOutOfDomain(inside, outside, "Novelty").AreaUnderRocCurve);
        var plain = _ml.Sngp().EvaluateOutOfDomain(model.Transform(SampleTable.Create(_ml, 5)), outside);
        Assert.IsNull(plain.FalseAlarmRate);
        Assert.IsNull(plain.DetectionRate);
        CollectionAssert.AreEquivalent(new[] { "Variance", "Uncertainty" }, plain.AreaUnderRocCurveByColumn.Keys.ToArray());
    }

    private IDataView Three(int count)
    {
        var keys = _ml.Data.LoadFromEnumerable(SmallModel.ThreeLabels.Names.Select(name => new { Label = name }));
        var data = SampleTable.Create(_ml, count);
        return _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
    }
}
