using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

[TestClass]
public sealed class NoveltyTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void OfOneColumnItIsTheShareOfValidationRowsAtLeastAsLarge()
    {
        using var model = SmallModel.Transformer(_ml);
        using var watching = _ml.Sngp().Novelty(0.05, ["Variance"]).Fit(model.Transform(SampleTable.Create(_ml, 100)));
        var validation = model.Transform(SampleTable.Create(_ml, 100)).GetColumn<float>("Variance").ToList();
        var scored = watching.Transform(SampleTable.Create(_ml, 130));
        foreach (var (variance, p, isNovel) in Zip(scored))
        {
            Assert.AreEqual((1f + validation.Count(other => other >= variance)) / 101, p, 1e-6f);
            Assert.AreEqual(p <= 0.05f, isNovel);
        }
    }

    [TestMethod]
    public void RowsFarAwayAndRowsWithNaNAreNovel()
    {
        using var model = SmallModel.Transformer(_ml);
        using var watching = _ml.Sngp().Novelty(0.02).Fit(model.Transform(SampleTable.Create(_ml, 100)));
        float[][] rows = [[100, 0, 0], [float.NaN, 0, 0], [float.PositiveInfinity, 0, 0], SampleTable.Row(3).Features];
        var scored = watching.Transform(_ml.Data.LoadFromEnumerable(rows.Select(row => new SampleRow { Features = row })));
        CollectionAssert.AreEqual(new[] { true, true, true, false }, scored.GetColumn<bool>("IsNovel").ToArray());
    }

    [TestMethod]
    public void AnyColumnOfTheModelCanBeTheScoreAndAVectorCountsAsItsMean()
    {
        using var model = new SngpTransformer(_ml, SmallModel.Create(variancePerClass: true));
        var validation = model.Transform(SampleTable.Create(_ml, 50));
        using var watching = _ml.Sngp().Novelty(0.1, ["Logits"]).Fit(validation);
        var means = validation.GetColumn<float[]>("Logits").Select(row => row.Average()).ToList();
        var scored = watching.Transform(SampleTable.Create(_ml, 50));
        foreach (var (mean, p) in means.Zip(scored.GetColumn<float>("Novelty")))
            Assert.AreEqual((1f + means.Count(other => other >= mean)) / 51, p, 1e-6f);
        using var usual = _ml.Sngp().Novelty(0.1).Fit(validation);
        Assert.HasCount(50, usual.Transform(SampleTable.Create(_ml, 50)).GetColumn<float>("Novelty").ToList());
    }

    [TestMethod]
    public void ABinaryModelAndOneWithoutAPosteriorHaveItToo()
    {
        using var binary = TwoClasses.Train(_ml);
        using var first = _ml.Sngp().Novelty().Fit(binary.Transform(TwoClasses.Load(_ml, 300, seed: 5)));
        AssertFarIsNovel(first, _ml.Data.LoadFromEnumerable([new TwoClasses.Row { Features = [30, -30] }]));
        using var plain = Methods.Create(_ml, "DeepEnsemble").Fit(TwoClusters.Load(_ml, TwoClusters.Rows(100)));
        using var second = _ml.Sngp().Novelty().Fit(plain.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5))));
        Assert.HasCount(5, second.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(5))).GetColumn<bool>("IsNovel").ToList());
    }

    [TestMethod]
    public void TooFewRowsAreRefusedWithTheNumberThatSuffices()
    {
        using var model = SmallModel.Transformer(_ml);
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Novelty(0.01).Fit(model.Transform(SampleTable.Create(_ml, 98))));
        Assert.Contains("at least 99 rows", error.Message);
        Assert.Contains("0.0102 or more", error.Message);
        _ml.Sngp().Novelty(0.0102).Fit(model.Transform(SampleTable.Create(_ml, 98))).Dispose();
        _ml.Sngp().Novelty(0.01).Fit(model.Transform(SampleTable.Create(_ml, 99))).Dispose();
        error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Novelty(0.01, ["Variance", "Uncertainty"]).Fit(model.Transform(SampleTable.Create(_ml, 198))));
        Assert.Contains("at least 199 rows", error.Message);
        Assert.Contains("a single score column", error.Message);
        _ml.Sngp().Novelty(0.01, ["Variance", "Uncertainty"]).Fit(model.Transform(SampleTable.Create(_ml, 199))).Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Novelty().Fit(model.Transform(SampleTable.Create(_ml, 0))));
    }

    [TestMethod]
    public void WrongArgumentsAreRefused()
    {
        foreach (var rate in (double[])[0, 1, double.NaN, -0.1])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Novelty(rate));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Novelty(0.1, []));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Novelty(0.1, ["Variance", "Variance"]));
        using var model = SmallModel.Transformer(_ml);
        var scored = model.Transform(SampleTable.Create(_ml, 200));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Novelty(0.1, ["Energy"]).Fit(scored));
        Assert.Contains("'Energy'", error.Message);
        using var watching = _ml.Sngp().Novelty().Fit(scored);
        var twice = Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Novelty().Fit(watching.Transform(SampleTable.Create(_ml, 200))));
        Assert.Contains("'Novelty' already", twice.Message);
    }

    [TestMethod]
    public void CalibrationComesBefore()
    {
        using var model = SmallModel.Transformer(_ml);
        using var watching = _ml.Sngp().Novelty().Fit(model.Transform(SampleTable.Create(_ml, 200)));
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Calibrate().Fit(watching.Transform(SampleTable.Create(_ml, 200))));
        Assert.Contains("Calibrate first", error.Message);
    }

    private static void AssertFarIsNovel(SngpTransformer model, IDataView far) =>
        Assert.IsTrue(model.Transform(far).GetColumn<bool>("IsNovel").Single());

    private static IEnumerable<(float Variance, float P, bool IsNovel)> Zip(IDataView scored) =>
        scored.GetColumn<float>("Variance").Zip(scored.GetColumn<float>("Novelty"), scored.GetColumn<bool>("IsNovel"));
}
