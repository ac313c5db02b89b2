using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class SngpEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void EvaluateAgreesWithHandCalculationAndCountsMissingLabels()
    {
        IDataView scored = ScoredRow.View(
            _ml, ScoredRow.Of(1, 0.25f), ScoredRow.Of(0, 0.5f), ScoredRow.Of(2, 0.75f), ScoredRow.Of(1, 0.75f));
        UncertaintyMetrics metrics = _ml.Sngp().Evaluate(scored);

        Assert.AreEqual(3, metrics.Count);
        Assert.AreEqual(1, metrics.SkippedRowCount);
        Assert.AreEqual(2 / 3.0, metrics.Accuracy, 1e-12);
        Assert.AreEqual((-2 * Math.Log(0.75) - Math.Log(0.25)) / 3, metrics.LogLoss, 1e-12);
        Assert.AreEqual((0.125 + 0.125 + 1.125) / 3, metrics.BrierScore, 1e-12);
        Assert.AreEqual(0.75 - 2 / 3.0, metrics.MaximumCalibrationError, 1e-12);
        Assert.HasCount(15, metrics.ReliabilityDiagram.Bins);
    }

    [TestMethod]
    public void EvaluateAgreesWithTheEvaluatorOfMLNet()
    {
        var random = new Random(5);
        ScoredRow[] rows = [.. Enumerable.Range(0, 200).Select(
            _ => ScoredRow.Of(1 + (uint)random.Next(2), random.NextSingle()))];
        IDataView scored = ScoredRow.View(_ml, rows);
        UncertaintyMetrics ours = _ml.Sngp().Evaluate(scored);
        MulticlassClassificationMetrics theirs = _ml.MulticlassClassification.Evaluate(scored);
        Assert.AreEqual(theirs.MicroAccuracy, ours.Accuracy, 1e-12);
        Assert.AreEqual(theirs.LogLoss, ours.LogLoss, 1e-6);
    }

    [TestMethod]
    [DataRow("PredictedLabel")]
    [DataRow("Score")]
    [DataRow("Variance")]
    [DataRow("Logits")]
    [DataRow("Uncertainty")]
    public void AColumnThatTheModelMadeIsNoLabel(string name)
    {
        using var model = SmallModel.Transformer(_ml);
        var scored = model.Transform(SampleTable.Create(_ml, 20));
        foreach (var attempt in (
            Action[])[() => _ml.Sngp().Evaluate(scored, labelColumnName: name), () => _ml.Sngp()
            .Decide(maximumRisk: 0.1, labelColumnName: name).Fit(scored)])
            Assert.Contains($"Column '{name}' holds what a model predicts", Assert.ThrowsExactly<ArgumentException>(attempt).Message);
    }

    [TestMethod]
    public void TheColumnThatOrdersRowsCanBeChosen()
    {
        // The first row is right, the second wrong and surer of itself, but of greater variance.
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(1, 0.4f, variance: 1), ScoredRow.Of(1, 0.9f, variance: 9));
        Assert.AreEqual(0.75, _ml.Sngp().Evaluate(scored).AreaUnderRiskCoverageCurve, 1e-12);
        double byVariance = _ml.Sngp().Evaluate(scored, uncertaintyColumnName: "Variance").AreaUnderRiskCoverageCurve;
        Assert.AreEqual(0.25, byVariance, 1e-12);
    }

    [TestMethod]
    public void NothingToEvaluateIsRefused()
    {
        Refused<InvalidOperationException>(() => _ml.Sngp().Evaluate(ScoredRow.View(_ml)), "no row to evaluate");
        Refused<InvalidOperationException>(
            () => _ml.Sngp().Evaluate(ScoredRow.View(_ml, ScoredRow.Of(0, 0.5f))), "'Label'");
    }

    [TestMethod]
    public void BadColumnsAreNamedWithTheRemedy()
    {
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(1, 0.5f));
        SngpCatalog sngp = _ml.Sngp();
        Refused<ArgumentException>(() => sngp.Evaluate(scored, labelColumnName: "Text"), "MapValueToKey");
        Refused<ArgumentException>(() => sngp.Evaluate(scored, scoreColumnName: "Variance"), "vector of Single");
        Refused<ArgumentException>(() => sngp.Evaluate(scored, uncertaintyColumnName: "Text"), "'Text'");
        Refused<ArgumentOutOfRangeException>(() => sngp.Evaluate(scored, numberOfBins: 0), "numberOfBins");
        Refused<ArgumentException>(() => sngp.EvaluateOutOfDomain(scored, scored, "Label"), "'Label'");
    }

    [TestMethod]
    public void ScoresThatAreNoProbabilitiesAreNamedWithTheirRow()
    {
        ScoredRow logits = ScoredRow.Of(1, 0.5f);
        logits.Score = [3, -2];
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(1, 0.5f), logits);
        Refused<InvalidOperationException>(() => _ml.Sngp().Evaluate(scored), "Row 1");
    }

    [TestMethod]
    public void OutOfDomainReadsScalarsAndTheMeanOfVectors()
    {
        IDataView inside = ScoredRow.View(_ml, ScoredRow.Of(1, 0.5f, 1), ScoredRow.Of(0, 0.5f, 3));
        IDataView outside = ScoredRow.View(_ml, ScoredRow.Of(0, 0.5f, 2));
        OutOfDomainMetrics metrics = _ml.Sngp().EvaluateOutOfDomain(inside, outside);
        Assert.AreEqual(0.5, metrics.AreaUnderRocCurve);
        Assert.AreEqual(2, metrics.InDomainMean);
        Assert.AreEqual(4, _ml.Sngp().EvaluateOutOfDomain(inside, outside, "VariancePerClass").OutOfDomainMean);
    }

    [TestMethod]
    [DataRow("Variance,EnsembleVariance,Uncertainty", "Variance")]
    [DataRow("EnsembleVariance,Uncertainty", "EnsembleVariance")]
    [DataRow("Uncertainty", "Uncertainty")]
    public void OutOfDomainTakesTheColumnThatTellsMost(string columns, string expected)
    {
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(1, 0.5f, 1), ScoredRow.Of(1, 0.9f, 3));
        scored = _ml.Transforms.CopyColumns("EnsembleVariance", "Variance").Append(_ml.Transforms.SelectColumns(columns.Split(',')))
            .Fit(scored).Transform(scored);
        Assert.AreEqual(expected, _ml.Sngp().EvaluateOutOfDomain(scored, scored).ColumnName);
        Assert.AreEqual("Uncertainty", _ml.Sngp().EvaluateOutOfDomain(scored, scored, "Uncertainty").ColumnName);
        Assert.IsNull(OutOfDomainMetrics.Compute([1], [2]).ColumnName);
    }

    [TestMethod]
    public void EvaluateNeedsNoVariance()
    {
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(2, 0.9f), ScoredRow.Of(1, 0.6f));
        scored = _ml.Transforms.SelectColumns("Label", "Score", "Uncertainty").Fit(scored).Transform(scored);
        Assert.AreEqual(0.5, _ml.Sngp().Evaluate(scored).Accuracy);
    }

    private static void Refused<TException>(Func<object> action, string message) where TException : Exception
        => StringAssert.Contains(Assert.ThrowsExactly<TException>(() => action()).Message, message);
}
