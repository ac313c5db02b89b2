using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class AbstainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void DefersWhatLiesAboveTheThreshold()
    {
        IDataView scored = ScoredRow.View(
            _ml, ScoredRow.Of(2, 0.9f), ScoredRow.Of(2, 0.8f), ScoredRow.Of(2, 0.4f), ScoredRow.Of(1, 0.3f));
        AbstainTransformer abstain = _ml.Sngp().Abstain(maximumRisk: 0).Fit(scored);

        Assert.AreEqual(0, abstain.Risk);
        Assert.AreEqual(0.75, abstain.Coverage);
        Assert.AreEqual(ScoredRow.Of(1, 0.3f).Uncertainty, abstain.Threshold);
        CollectionAssert.AreEqual(new[] { false, false, true, false }, Deferred(abstain.Transform(scored)));
    }

    [TestMethod]
    public void MinimumCoverageAnswersAtLeastThatShare()
    {
        IDataView scored = ScoredRow.View(
            _ml, ScoredRow.Of(2, 0.9f, 1), ScoredRow.Of(1, 0.8f, 2), ScoredRow.Of(2, 0.6f, 3), ScoredRow.Of(1, 0.7f, 4));
        AbstainTransformer abstain = _ml.Sngp().Abstain(minimumCoverage: 0.5, columnName: "Variance").Fit(scored);
        Assert.AreEqual(3, abstain.Threshold);
        Assert.AreEqual(0.75, abstain.Coverage);
        Assert.AreEqual(1 / 3.0, abstain.Risk, 1e-12);
        CollectionAssert.AreEqual(new[] { false, false, false, true }, Deferred(abstain.Transform(scored)));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1e-30f)]
    [DataRow(1e-7f)]
    [DataRow(0.1f)]
    [DataRow(1f)]
    [DataRow(12345.678f)]
    [DataRow(3e30f)]
    public void TheThresholdIsExactForEveryFloat(float threshold)
    {
        IDataView validation = ScoredRow.View(_ml, ScoredRow.Of(2, 0.9f, threshold));
        AbstainTransformer abstain = _ml.Sngp().Abstain(maximumRisk: 0, columnName: "Variance").Fit(validation);
        Assert.AreEqual(threshold, abstain.Threshold);

        IDataView scored = ScoredRow.View(
            _ml,
            ScoredRow.Of(1, 0.5f, threshold),
            ScoredRow.Of(1, 0.5f, MathF.BitDecrement(threshold)),
            ScoredRow.Of(1, 0.5f, MathF.BitIncrement(threshold)),
            ScoredRow.Of(1, 0.5f, float.PositiveInfinity),
            ScoredRow.Of(1, 0.5f, float.NaN));
        CollectionAssert.AreEqual(new[] { false, false, true, true, true }, Deferred(abstain.Transform(scored)));
    }

    [TestMethod]
    public void AddsOneColumnAndKeepsTheOthers()
    {
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(2, 0.9f));
        AbstainTransformer abstain = _ml.Sngp().Abstain(maximumRisk: 0).Fit(scored);
        string[] expected = [.. scored.Schema.Select(column => column.Name), "Defer"];
        CollectionAssert.AreEqual(expected, Visible(abstain.GetOutputSchema(scored.Schema)));
        CollectionAssert.AreEqual(expected, Visible(abstain.Transform(scored).Schema));
        Assert.AreEqual(BooleanDataViewType.Instance, abstain.Transform(scored).Schema["Defer"].Type);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(100)]
    public void KeepsTheContractOfTransformers(int rows)
    {
        AbstainTransformer abstain = _ml.Sngp().Abstain(maximumRisk: 0).Fit(ScoredRow.View(_ml, ScoredRow.Of(2, 0.7f)));
        ScoredRow[] scored = [.. Enumerable.Range(0, rows).Select(i => ScoredRow.Of(1, i / 100f))];
        TransformerContract.Check(abstain, ScoredRow.View(_ml, scored), rows);
    }

    [TestMethod]
    public void SurvivesSavingAndLoadingWithMLNetAlone()
    {
        IDataView scored = ScoredRow.View(_ml, ScoredRow.Of(2, 0.9f), ScoredRow.Of(2, 0.4f));
        AbstainTransformer abstain = _ml.Sngp().Abstain(maximumRisk: 0).Fit(scored);
        using var file = new MemoryStream();
        _ml.Model.Save(abstain, scored.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        CollectionAssert.AreEqual(new[] { false, true }, Deferred(loaded.Transform(scored)));
    }

    [TestMethod]
    public void ExactlyOneAimIsNeeded()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Abstain());
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Abstain(maximumRisk: 0, minimumCoverage: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Abstain(maximumRisk: 1.01));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Abstain(minimumCoverage: double.NaN));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Abstain(maximumRisk: 0, columnName: ""));
    }

    private bool[] Deferred(IDataView data) => [.. data.GetColumn<bool>("Defer")];

    private static string[] Visible(DataViewSchema schema)
        => [.. schema.Where(column => !column.IsHidden).Select(column => column.Name)];
}
