using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Scoring;

/// <summary>Every row of finite features has finite scores, and a variance of at least 0; every other row has none, and a missing
/// label.</summary>
[TestClass]
public class AnyInputTests
{
    private static readonly float[] Special =
        [0, -0f, 1, -1, float.Epsilon, -1e-40f, 1.17549435e-38f, 1e-20f, 1e6f, -1e9f, 1e15f, 1e20f, -1e30f, 1e38f, float.MaxValue,
            float.MinValue];

    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void FiniteFeaturesGiveFiniteScores(string method) => AssertFinite(Methods.Create(_ml, method));

    [TestMethod]
    [DataRow(1)]
    [DataRow(80)]
    public void SoDoesANetworkOfAnyDepth(int layers)
    {
        AssertFinite(Methods.Create(_ml, "Deterministic", options => ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = layers));
        AssertFinite(Methods.Create(_ml, "MonteCarloDropout", options => ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = layers));
        AssertFinite(Methods.Create(_ml, "Sngp", options => ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = layers));
    }

    [TestMethod]
    [DataRow(GaussianProcessKernel.Linear, false, GaussianProcessLikelihood.Gaussian, PosteriorCovariance.Shared)]
    [DataRow(GaussianProcessKernel.Linear, false, GaussianProcessLikelihood.Poisson, PosteriorCovariance.Shared)]
    [DataRow(GaussianProcessKernel.Linear, false, GaussianProcessLikelihood.Gaussian, PosteriorCovariance.PerClass)]
    [DataRow(GaussianProcessKernel.Linear, true, GaussianProcessLikelihood.Gaussian, PosteriorCovariance.Shared)]
    [DataRow(GaussianProcessKernel.Gaussian, true, GaussianProcessLikelihood.Gaussian, PosteriorCovariance.PerClass)]
    [DataRow(GaussianProcessKernel.Gaussian, false, GaussianProcessLikelihood.Poisson, PosteriorCovariance.Shared)]
    public void SoDoesEveryOutputLayer(
        GaussianProcessKernel kernel, bool normalize, GaussianProcessLikelihood likelihood, PosteriorCovariance covariance) =>
        AssertFinite(Methods.Create(_ml, "Sngp", options =>
        {
            var sngp = (SngpOptions)options;
            (sngp.GaussianProcess.Kernel, sngp.GaussianProcess.NormalizeGpInput, sngp.Posterior.Likelihood, sngp.Posterior.Covariance) =
                (kernel, normalize ? GpInputNormalization.LayerNorm : GpInputNormalization.DirectionAndLength, likelihood, covariance);
        }));

    [TestMethod]
    public void SoDoesAnAverageOfDraws() => AssertFinite(Methods.Create(_ml, "Sngp", options =>
    {
        ((SngpOptions)options).GaussianProcess.Kernel = GaussianProcessKernel.Linear;
        ((SngpOptions)options).Posterior.PosteriorSamples = 20;
    }));

    [TestMethod]
    public void WhatIsFarAwayIsAsUncertainAsThePrior()
    {
        using var model = Methods.Create(_ml, "Sngp", options => ((SngpOptions)options).GaussianProcess.NumberOfRandomFeatures = 1024)
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(60)));
        float[][] far = [[1e4f, 3e3f], [1e9f, -1e9f], [-1e25f, 1e24f], [float.MaxValue, 1], [float.MinValue, float.MaxValue]];
        var variances = model.Transform(
            TwoClusters.Load(_ml,
            [.. TwoClusters.Rows(2), .. far.Select(features => new TwoClusters.Row { Features = features, Label = "low" })]))
            .GetColumn<float>("Variance").Skip(2).ToArray();
        foreach (var variance in variances)
            Assert.IsInRange(0.8f, 1.2f, variance);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void WhatIsNotFiniteHasNoScoresInBatchesAndRowByRow(string method)
    {
        using var model = Methods.Create(_ml, method).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(60)));
        float[] bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        var rows = TwoClusters.Rows(40);
        for (var i = 0; i < bad.Length; i++)
        {
            rows[10 * i + 3].Features[i % 2] = bad[i];
            rows[10 * i + 4].Features = [bad[i], bad[i]];
        }
        var scored = model.Transform(TwoClusters.Load(_ml, rows));
        var labels = scored.GetColumn<uint>("PredictedLabel").ToArray();
        string[] singles =
            [.. scored.Schema.Where(column => column.Type == NumberDataViewType.Single && !column.IsHidden && column.Name != "Weight")
            .Select(column => column.Name)];
        var numbers = singles.Select(name => scored.GetColumn<float>(name).ToArray()).ToArray();
        var uncertainties = scored.GetColumn<float>("Uncertainty").ToArray();
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        var logits = scored.GetColumn<float[]>("Logits").ToArray();
        using var engine = _ml.Model.CreatePredictionEngine<TwoClusters.Row, Prediction>(model);
        for (var i = 0; i < rows.Length; i++)
        {
            var isMissing = rows[i].Features.Any(feature => !float.IsFinite(feature));
            Assert.AreEqual(isMissing, labels[i] == 0);
            Assert.IsTrue(numbers.All(values => float.IsNaN(values[i]) == isMissing));
            Assert.AreEqual(isMissing, float.IsNaN(uncertainties[i]));
            Assert.IsTrue(scores[i].Concat(logits[i]).All(value => float.IsNaN(value) == isMissing));
            var prediction = engine.Predict(rows[i]);
            Assert.AreEqual(isMissing, float.IsNaN(prediction.Uncertainty), $"row {i}");
            Assert.IsTrue(prediction.Score.All(value => float.IsNaN(value) == isMissing));
        }
    }

    private void AssertFinite(IEstimator<SngpTransformer> trainer)
    {
        using var model = trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(60)));
        var random = new SeededRandom(7, RandomPurpose.RowOrder);
        var rows = TwoClusters.Rows(3000);
        foreach (var row in rows)
            row.Features = [Feature(random), Feature(random)];
        var scored = model.Transform(TwoClusters.Load(_ml, rows));
        var isPerClass = scored.Schema.GetColumnOrNull("Variance")?.Type is VectorDataViewType;
        var variances = scored.Schema.GetColumnOrNull("Variance") is null ? [.. rows.Select(_ => Array.Empty<float>())] : isPerClass
            ? [.. scored.GetColumn<float[]>("Variance")] : scored.GetColumn<float>("Variance").Select(variance => new[] { variance })
            .ToArray();
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        var logits = scored.GetColumn<float[]>("Logits").ToArray();
        var labels = scored.GetColumn<uint>("PredictedLabel").ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var where = FormattableString.Invariant($"[{rows[i].Features[0]}, {rows[i].Features[1]}]");
            Assert.IsTrue(variances[i].All(variance => float.IsFinite(variance) && variance >= 0),
                $"{where}: variance {string.Join(", ", variances[i])}");
            Assert.IsTrue(logits[i].All(float.IsFinite), $"{where}: logits {string.Join(", ", logits[i])}");
            Assert.AreEqual(1, scores[i].Sum(score => (double)score), 1e-4, where);
            Assert.IsGreaterThan(0u, labels[i]);
        }
    }

    // Any bit pattern of a finite number, or one of the special ones.
    private static float Feature(SeededRandom random)
    {
        if (random.NextInt32(3) == 0)
            return Special[random.NextInt32(Special.Length)];
        while (true)
        {
            var value = BitConverter.Int32BitsToSingle((int)random.NextUInt64());
            if (float.IsFinite(value))
                return value;
        }
    }

    private sealed class Prediction
    {
        public float Uncertainty { get; set; }

        public float[] Score { get; set; } = [];
    }
}
