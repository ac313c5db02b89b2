using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

[TestClass]
public sealed class DecideTests
{
    private const uint Answered = 0, Novel = 1, Undecided = 2, Invalid = 3;

    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void EachRowHasItsReasonAndInvalidComesBeforeNovelBeforeUndecided()
    {
        using var model = SmallModel.Transformer(_ml);
        using var deciding = _ml.Sngp().Decide(new DecisionOptions { MaximumUncertainty = 0.9f, MaximumNoveltyScore = 3 })
            .Fit(model.Transform(SampleTable.Create(_ml, 20)));
        float[][] features =
            [[2, -1, 1], [0.01f, 0, 0], [10, 0, 0], [float.NaN, 0, 0], [0, float.PositiveInfinity, 0], [0, 0, float.NegativeInfinity]];
        var rows = _ml.Data.LoadFromEnumerable(features.Select(row => new SampleRow { Features = row }));
        var scored = deciding.Transform(rows);
        CollectionAssert.AreEqual(new[] { Answered, Undecided, Novel, Invalid, Invalid, Invalid }, Reasons(scored));
        CollectionAssert.AreEqual(new[] { false, true, true, true, true, true }, scored.GetColumn<bool>("Defer").ToArray());
        var text = _ml.Transforms.Conversion.MapKeyToValue("Reason").Fit(scored).Transform(scored).GetColumn<string>("Reason");
        CollectionAssert.AreEqual(new[] { "", "Undecided", "Novel", "Invalid", "Invalid", "Invalid" }, text.ToArray());
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1e-30f)]
    [DataRow(0.1f)]
    [DataRow(0.9999999f)]
    public void AThresholdThatIsGivenIsExact(float threshold)
    {
        using var model = SmallModel.Transformer(_ml);
        var data = model.Transform(SampleTable.Create(_ml, 30));
        foreach (var most in (float[])[threshold, .. data.GetColumn<float>("Uncertainty").Take(3)])
        {
            using var deciding = _ml.Sngp().Decide(new DecisionOptions { MaximumUncertainty = most, FalseAlarmRate = 0 }).Fit(data);
            foreach (var (uncertainty, reason) in data.GetColumn<float>("Uncertainty").Zip(
                Reasons(deciding.Transform(SampleTable.Create(_ml, 30)))))
                Assert.AreEqual(uncertainty > most ? Undecided : Answered, reason);
            Assert.AreEqual(most, deciding.Decision!.MaximumUncertainty);
        }
    }

    [TestMethod]
    public void TheReportCountsWhatTheTransformerDoesToTheValidationRows()
    {
        using var model = Clusters();
        var validation = TwoClusters.Load(_ml, [.. TwoClusters.Rows(300, seed: 5), new() { Features = [float.NaN, 1], Label = "low" }]);
        using var deciding = _ml.Sngp().Decide(maximumRisk: 0.05).Fit(model.Transform(validation));
        var report = deciding.Decision!;
        var scored = deciding.Transform(validation);
        var reasons = Reasons(scored);
        Assert.AreEqual((300, 1), (report.NumberOfRows, report.InvalidRowCount));
        Assert.AreEqual(reasons.Count(reason => reason == Novel), report.NovelRowCount);
        Assert.AreEqual(reasons.Count(reason => reason == Undecided), report.UndecidedRowCount);
        Assert.AreEqual(reasons.Count(reason => reason == Answered) / 300.0, report.Coverage);
        Assert.AreEqual(0.01, report.FalseAlarmRate);
        Assert.IsLessThanOrEqualTo(3, report.NovelRowCount);
        Assert.IsLessThanOrEqualTo(0.05, report.RiskBound!.Value);
        Assert.IsLessThanOrEqualTo(report.RiskBound.Value, report.Risk);
        Assert.IsNull(model.Decision);
    }

    [TestMethod]
    public void NoveltyHasACapEvenWhereTheModelMeetsTheRiskWithEveryRow()
    {
        using var model = Clusters();
        foreach (var options in (
            DecisionOptions[])[new() { MaximumRisk = 0.5 }, new() { MinimumCoverage = 1 }, new(), new() { MaximumUncertainty = 1 }])
        {
            using var deciding = _ml.Sngp().Decide(options).Fit(model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5))));
            var far = TwoClusters.Rows(200, seed: 6);
            for (var i = 0; i < far.Length; i++)
                (far[i].Features[0], far[i].Features[1]) = (far[i].Features[0] + 8 + (i % 5 * 10), far[i].Features[1] - 8 - (i % 5 * 10));
            var reasons = Reasons(deciding.Transform(_ml.Data.LoadFromEnumerable(far)));
            Assert.IsTrue(reasons.All(reason => reason == Novel));
        }
    }

    [TestMethod]
    public void OfFewRowsNoveltyHasTheRateThatTheyAllow()
    {
        using var model = SmallModel.Transformer(_ml);
        using var deciding = _ml.Sngp().Decide(new DecisionOptions()).Fit(model.Transform(SampleTable.Create(_ml, 20)));
        Assert.AreEqual(1 / 21.0, deciding.Decision!.FalseAlarmRate!.Value, 1e-12);
        Assert.AreEqual(Novel, Reasons(deciding.Transform(_ml.Data.LoadFromEnumerable([new SampleRow { Features = [90, 0, 0] }])))[0]);
        Assert.Contains("at least 99 rows", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp()
            .Decide(new DecisionOptions { FalseAlarmRate = 0.01 }).Fit(model.Transform(SampleTable.Create(_ml, 20)))).Message);
    }

    [TestMethod]
    [DataRow(19, 0.5, 10)]
    [DataRow(19, 0.95, 19)]
    [DataRow(99, 0.9, 90)]
    public void AMinimumCoverageLetsTheRankPassThatIsRightOfNewRows(int rows, double coverage, int passed)
    {
        using var model = Clusters();
        var validation = TwoClusters.Load(_ml, TwoClusters.Rows(rows, seed: 5));
        using var deciding = _ml.Sngp().Decide(new DecisionOptions { MinimumCoverage = coverage, FalseAlarmRate = 0 })
            .Fit(model.Transform(validation));
        Assert.AreEqual(passed, Reasons(deciding.Transform(validation)).Count(reason => reason == Answered));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp()
            .Decide(new DecisionOptions { MinimumCoverage = 0.999, FalseAlarmRate = 0 }).Fit(model.Transform(validation)));
        Assert.Contains("at least 999", error.Message);
    }

    [TestMethod]
    public void SeveralStandInOneChainWithoutHidingEachOther()
    {
        using var model = Clusters();
        var validation = TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5));
        var chain = new TransformerChain<ITransformer>(model);
        foreach (var (name, risk) in ((string, double)[])[("Clerk", 0.05), ("Expert", 0.3)])
            chain = chain.Append<ITransformer>(_ml.Sngp().Decide(risk, outputColumnName: name).Fit(chain.Transform(validation)));
        chain = chain.Append<ITransformer>(_ml.Sngp().Novelty().Fit(chain.Transform(validation)));
        using var file = new MemoryStream();
        _ml.Model.Save(chain, validation.Schema, file);
        file.Position = 0;
        foreach (var scored in (IDataView[])[chain.Transform(validation), _ml.Sngp().Load(file, out _).Transform(validation)])
        {
            var (clerk, expert) = (scored.GetColumn<bool>("Clerk").ToArray(), scored.GetColumn<bool>("Expert").ToArray());
            Assert.IsGreaterThanOrEqualTo(expert.Count(defer => defer), clerk.Count(defer => defer));
            CollectionAssert.AreEqual(clerk, scored.GetColumn<uint>("ClerkReason").Select(reason => reason != 0).ToArray());
            CollectionAssert.AreEqual(expert, scored.GetColumn<uint>("ExpertReason").Select(reason => reason != 0).ToArray());
        }
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Decide(0.2, outputColumnName: "Clerk")
            .Fit(chain.Transform(validation)));
        Assert.Contains("'Clerk' already", error.Message);
        Assert.Contains("outputColumnName", error.Message);
    }

    [TestMethod]
    public void RowsWithoutALabelCountForNoveltyAndNotForTheRisk()
    {
        using var model = Clusters();
        var rows = TwoClusters.Rows(300, seed: 5);
        foreach (var row in rows.Take(50))
            row.Label = "";
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keys = _ml.Data.LoadFromEnumerable((IEnumerable<TwoClusters.Row>)[new() { Label = "low" }, new() { Label = "high" }]);
        var keyed =
            _ml.Transforms.Conversion.MapValueToKey("Label", keyData: _ml.Transforms.SelectColumns("Label").Fit(keys).Transform(keys))
            .Fit(data).Transform(data);
        using var deciding = _ml.Sngp().Decide(0.1).Fit(model.Transform(keyed));
        Assert.AreEqual((300, 50), (deciding.Decision!.NumberOfRows, deciding.Decision.SkippedRowCount));
    }

    [TestMethod]
    public void ABinaryModelDecidesByItsBooleanLabel()
    {
        using var model = TwoClasses.Train(_ml, epochs: 20, rows: 200);
        var validation = TwoClasses.Load(_ml, 200, seed: 5);
        using var deciding = _ml.Sngp().Decide(0.05).Fit(model.Transform(validation));
        var scored = deciding.Transform(validation);
        var errors = TwoClasses.Predict(_ml, model, TwoClasses.Rows(200, seed: 5)).Zip(TwoClasses.Rows(200, seed: 5))
            .Zip(Reasons(scored)).Where(row => row.Second == Answered)
            .Select(row => row.First.First.PredictedLabel != row.First.Second.Label).ToList();
        Assert.AreEqual(errors.Count(error => error) / (double)errors.Count, deciding.Decision!.Risk);
        // Probabilities of exactly 0 and 1 are valid.
        Assert.IsFalse(Reasons(scored).Contains(Invalid));
    }

    [TestMethod]
    public void OptionsThatContradictEachOtherAreRefusedAllAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Decide(new DecisionOptions
        {
            MaximumRisk = 1, MinimumCoverage = 2, Confidence = 0, FalseAlarmRate = 1, MaximumNoveltyScore = float.NaN, OutputColumnName =
                "Reason",
            ReasonColumnName = "Reason", LabelColumnName = "",
        }));
        foreach (var said in (string[])["only one of", "MaximumRisk is 1", "MinimumCoverage is 2", "Confidence is 0", "FalseAlarmRate is 1",
            "MaximumNoveltyScore is NaN", "are the same", "LabelColumnName is empty"])
            Assert.Contains(said, error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Decide(0));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Decide(null!));
        Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Decide(new DecisionOptions { MaximumUncertainty = float.PositiveInfinity }));
    }

    [TestMethod]
    public void OptionsAreCopied()
    {
        using var model = SmallModel.Transformer(_ml);
        var options = new DecisionOptions { MaximumUncertainty = 0.5f };
        var estimator = _ml.Sngp().Decide(options);
        options.OutputColumnName = "Other";
        using var deciding = estimator.Fit(model.Transform(SampleTable.Create(_ml, 20)));
        Assert.IsTrue(deciding.Model.Outputs.Any(output => output.Name == "Defer"));
    }

    private SngpTransformer Clusters() =>
        _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 20)).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));

    private static uint[] Reasons(IDataView scored) => [.. scored.GetColumn<uint>("Reason")];
}
