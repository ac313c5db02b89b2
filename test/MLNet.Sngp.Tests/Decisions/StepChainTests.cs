using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

/// <summary>Steps follow one another as any estimators do.</summary>
[TestClass]
public sealed class StepChainTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AllOfThemInOnePipelineAreOneGraph()
    {
        var model = Pipeline().Fit(TwoClusters.Load(_ml, TwoClusters.Rows(300)));
        string[] added = ["Novelty", "IsNovel", "PredictionSet", "SetSize", "Defer", "Reason", "Send", "SendReason"];
        CollectionAssert.IsSubsetOf(added, model.LastTransformer.Model.Outputs.Select(output => output.Name).ToArray());
        List<TwoClusters.Row> sample =
            [.. TwoClusters.Rows(20, seed: 6), new() { Features = [40, -40] }, new() { Features = [float.NaN, 0] }];
        var rows = _ml.Data.LoadFromEnumerable(sample);
        var results = OnnxRun.Run(OnnxRun.Save(model, _ml, rows, "pipeline-all-steps"), rows);
        var scored = model.Transform(rows);
        var text = _ml.Transforms.Conversion.MapKeyToValue("Reason").Fit(scored).Transform(scored).GetColumn<string>("Reason").ToArray();
        CollectionAssert.AreEqual(text, results["Reason"]);
        CollectionAssert.AreEqual(new[] { "Novel", "Invalid" }, text[^2..]);
        CollectionAssert.AreEqual(scored.GetColumn<bool>("Send").ToArray(), results["Send"]);
        CollectionAssert.AreEqual(scored.GetColumn<bool[]>("PredictionSet").SelectMany(row => row).ToArray(), results["PredictionSet"]);
        CollectionAssert.AreEqual(scored.GetColumn<float>("Novelty").ToArray(), results["Novelty"]);
    }

    [TestMethod]
    public void WhatTheModelGaveBeforeStaysAsItWas()
    {
        var trained = Trainer().Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5));
        var chain = trained.Append(_ml.Sngp().Decide(0.3).Fit(trained.Transform(data)));
        foreach (var column in (string[])["Variance", "Uncertainty"])
        {
            CollectionAssert.AreEqual(
                trained.Transform(data).GetColumn<float>(column).ToArray(), chain.Transform(data).GetColumn<float>(column).ToArray());
        }
    }

    [TestMethod]
    public void APredictionEngineDecides()
    {
        var model = Pipeline().Fit(TwoClusters.Load(_ml, TwoClusters.Rows(300)));
        using var engine = _ml.Model.CreatePredictionEngine<TwoClusters.Row, Decision>(model);
        var far = engine.Predict(new TwoClusters.Row { Features = [40, -40] });
        Assert.IsTrue(far.Defer);
        Assert.AreEqual(1u, far.Reason);
        Assert.HasCount(2, far.PredictionSet);
    }

    [TestMethod]
    public void StepsBehindThatMapKeysToValuesAreLeftOutOfTheGraph()
    {
        var model = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("Reason")).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(300)));
        var rows = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(5));
        var results = OnnxRun.Run(OnnxRun.Save(model, _ml, rows, "pipeline-reason-text"), rows);
        CollectionAssert.AreEqual(model.Transform(rows).GetColumn<string>("Reason").ToArray(), results["Reason"]);
    }

    private EstimatorChain<SngpTransformer> Pipeline() => Trainer().Append(_ml.Sngp().Calibrate()).Append(_ml.Sngp().Novelty(0.02))
        .Append(_ml.Sngp().ConformalSets()).Append(_ml.Sngp().Decide(0.2)).Append(_ml.Sngp().Decide(0.4, outputColumnName: "Send"));

    private EstimatorChain<SngpTransformer> Trainer() => _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
        .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 10)));

    private sealed class Decision
    {
        public bool Defer { get; set; }

        public uint Reason { get; set; }

        public bool[] PredictionSet { get; set; } = [];
    }
}
