using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Regression;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

[TestClass]
public sealed class ConformalRegressionTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0.8, "Sngp")]
    [DataRow(0.95, "Sngp")]
    [DataRow(0.9, "Deterministic")]
    public void TheIntervalReachesToTheQuantileOfTheNormalisedResiduals(double coverage, string method)
    {
        using var model = Fit(method);
        var validation = model.Transform(Waves.Load(_ml, 99, seed: 2));
        using var conformal = _ml.Sngp().ConformalRegression(coverage).Fit(validation);
        var labels = validation.GetColumn<float>("Label").ToArray();
        var quantile = Means(validation).Zip(labels, (row, label) => Math.Abs(label - row.Mean) / row.Deviation).Order()
            .ElementAt((int)Math.Ceiling((100 * coverage) - 1e-9) - 1);
        var fresh = conformal.Transform(Waves.Load(_ml, 50, seed: 3));
        var ends = fresh.GetColumn<float>("Lower").Zip(fresh.GetColumn<float>("Upper"));
        foreach (var ((mean, deviation), (lower, upper)) in Means(fresh).Zip(ends))
        {
            Assert.AreEqual(mean - (quantile * deviation), lower, 1e-4);
            Assert.AreEqual(mean + (quantile * deviation), upper, 1e-4);
        }
        var covered = conformal.Transform(Waves.Load(_ml, 99, seed: 2));
        var inside = labels.Zip(covered.GetColumn<float>("Lower"), covered.GetColumn<float>("Upper"))
            .Count(row => row.First >= row.Second && row.First <= row.Third);
        Assert.AreEqual((int)Math.Ceiling(100 * coverage), inside);
    }

    [TestMethod]
    public void TheCoverageHoldsOnFreshRowsOverDraws()
    {
        using var model = Fit("Sngp");
        const int Draws = 60, Rows = 40, Fresh = 200;
        var inside = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            using var conformal = _ml.Sngp().ConformalRegression(0.9).Fit(model.Transform(Waves.Load(_ml, Rows, seed: 100 + draw)));
            var fresh = conformal.Transform(Waves.Load(_ml, Fresh, seed: 1000 + draw));
            inside += fresh.GetColumn<float>("Label").Zip(fresh.GetColumn<float>("Lower"), fresh.GetColumn<float>("Upper"))
                .Count(row => row.First >= row.Second && row.First <= row.Third);
        }
        // ⌈41·0.9⌉ of 41 is 0.902; a draw scatters by 0.046, the mean of 60 by 0.006.
        Assert.AreEqual(37.0 / 41, inside / (double)(Draws * Fresh), 0.02);
    }

    [TestMethod]
    public void ItIsPartOfTheModelInEveryForm()
    {
        using var model = Fit("Sngp");
        using var conformal = _ml.Sngp().ConformalRegression(0.9).Fit(model.Transform(Waves.Load(_ml, 99, seed: 2)));
        Assert.HasCount(model.Model.Outputs.Count, conformal.Model.Outputs);
        var rows = Waves.Load(_ml, 30, seed: 4);
        using var stream = new MemoryStream();
        conformal.SaveAsOnnx(stream);
        OnnxRun.Keep(stream.ToArray(), "step-Interval");
        var results = OnnxRun.Run(stream.ToArray(), rows);
        using var file = new MemoryStream();
        _ml.Model.Save(conformal, rows.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _).Transform(rows);
        foreach (var name in new[] { "Score", "Lower", "Upper" })
        {
            var expected = conformal.Transform(rows).GetColumn<float>(name).ToArray();
            CollectionAssert.AreEqual(expected, results[name], name);
            CollectionAssert.AreEqual(expected, loaded.GetColumn<float>(name).ToArray(), name);
        }
        using var again = _ml.Sngp().ConformalRegression(0.9).Fit(model.Transform(Waves.Load(_ml, 99, seed: 2)));
        CollectionAssert.AreEqual(conformal.Model.Onnx.ToArray(), again.Model.Onnx.ToArray());
        using var wider = _ml.Sngp().ConformalRegression(0.95).Fit(conformal.Transform(Waves.Load(_ml, 99, seed: 2)));
        Assert.IsGreaterThan(
            conformal.Transform(rows).GetColumn<float>("Upper").First(), wider.Transform(rows).GetColumn<float>("Upper").First());
    }

    [TestMethod]
    public void NoveltyOfARegressionIsThatOfItsVariance()
    {
        using var model = Fit("Sngp");
        using var watching = _ml.Sngp().Novelty(0.05).Fit(model.Transform(Waves.Load(_ml, 99, seed: 2)));
        var far = _ml.Data.LoadFromEnumerable(Enumerable.Range(1, 20).Select(i => new Waves.Row { Features = [30 * i, -20] }));
        Assert.IsTrue(watching.Transform(far).GetColumn<bool>("IsNovel").All(isNovel => isNovel));
    }

    [TestMethod]
    public void WhatHasNoIntervalOrTooFewRowsIsRefusedWithTheRemedy()
    {
        using var classifier = SmallModel.Transformer(_ml);
        var scored = classifier.Transform(SampleTable.Create(_ml, 20));
        Assert.Contains("ConformalSets",
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().ConformalRegression().Fit(scored)).Message);
        using var model = Fit("Deterministic");
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().ConformalRegression(0.99).Fit(model.Transform(Waves.Load(_ml, 50))));
        Assert.Contains("50 validation rows do not suffice for the coverage 0.99. Give at least 99", error.Message);
        Assert.Contains("'Nowhere'", Assert.Throws<ArgumentException>(
            () => _ml.Sngp().ConformalRegression(labelColumnName: "Nowhere").Fit(model.Transform(Waves.Load(_ml, 50)))).Message);
    }

    private static IEnumerable<(double Mean, double Deviation)> Means(IDataView scored)
    {
        var noise = scored.GetColumn<float>("NoiseVariance");
        var variance = scored.Schema.GetColumnOrNull("Variance") is null
            ? noise.Select(_ => 0f)
            : scored.GetColumn<float>("Variance");
        return scored.GetColumn<float>("Score").Zip(noise, variance)
            .Select(row => ((double)row.First, Math.Sqrt((double)row.Second + row.Third)));
    }

    private SngpTransformer Fit(string method)
    {
        var options = Waves.Options();
        if (method == "Deterministic")
        {
            options = SngpOptions.Deterministic();
            (options.Seed, options.Training.NumberOfEpochs) = (1, 10);
        }
        return _ml.Sngp().Regression(options).Fit(Waves.Load(_ml, 300));
    }
}
