using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

[TestClass]
public class RandomFeatureGaussianProcessTests
{
    [TestMethod]
    public void InnerProductsOfFeaturesApproximateTheGaussianKernel()
    {
        using var scope = NewDisposeScope();
        using var layer = new RandomFeatureGaussianProcess(4, 2, numberOfRandomFeatures: 10_240, kernelScale: 2.5);
        var hidden = Hidden(30, 4);
        var features = layer.Features(hidden);
        var distances = cdist(hidden, hidden);
        var kernel = (distances * distances / -5).exp();
        Assert.IsLessThan(5e-2f, (features.mm(features.t()) - kernel).abs().max().item<float>());
    }

    [TestMethod]
    public void TheVarianceIsGivenInEvaluationModeAndGrowsAway()
    {
        using var scope = NewDisposeScope();
        using var layer = new RandomFeatureGaussianProcess(3, 2);
        var near = Hidden(50, 3).mul(0.1);
        var (_, none) = layer.call(near);
        Assert.IsNull(none);
        layer.eval();
        var (logits, variance) = layer.call(cat([near, near.add(100)]));
        CollectionAssert.AreEqual(new long[] { 100, 2 }, logits.shape);
        Assert.IsLessThan(0.1f, variance![..50].max().item<float>());
        Assert.IsGreaterThan(0.7f, variance[50..].min().item<float>());
    }

    [TestMethod]
    public void ResetForgetsTheRows()
    {
        using var scope = NewDisposeScope();
        using var layer = new RandomFeatureGaussianProcess(3, 2, numberOfRandomFeatures: 8, ridgePenalty: 0.5);
        layer.call(Hidden(5, 3));
        layer.ResetCovariance();
        Assert.IsTrue(allclose(layer.Covariance.Precision, eye(8, dtype: ScalarType.Float64) * 0.5, rtol: 0, atol: 0));
        // After two passes over the same rows with a reset between them, they count once.
        layer.call(Hidden(5, 3));
        var once = layer.Covariance.Precision.clone();
        layer.ResetCovariance();
        layer.call(Hidden(5, 3));
        Assert.IsTrue(allclose(once, layer.Covariance.Precision, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void TheVarianceFollowsTheFormulaAndUpdates()
    {
        using var scope = NewDisposeScope();
        using var covariance = new LaplaceCovariance(6, ridgePenalty: 0.5);
        var (seen, asked) = (Hidden(20, 6), Hidden(7, 6, seed: 2));
        Assert.IsTrue(allclose(covariance.Variance(asked), (asked * asked).sum(1), rtol: 1e-5));
        covariance.Update(seen);
        var precision = eye(6, dtype: ScalarType.Float64) * 0.5 + seen.t().mm(seen).to(ScalarType.Float64);
        var exact = asked.to(ScalarType.Float64);
        var expected = exact.mm(linalg.inv(precision)).mm(exact.t()) * 0.5;
        Assert.IsTrue(allclose(covariance.Covariance(asked).to(ScalarType.Float64), expected, rtol: 1e-4, atol: 1e-6));
        Assert.IsTrue(allclose(covariance.Variance(asked).to(ScalarType.Float64), expected.diagonal(), rtol: 1e-4, atol: 1e-6));
    }

    [TestMethod]
    public void AMomentumAveragesBatches()
    {
        using var scope = NewDisposeScope();
        using var covariance = new LaplaceCovariance(4, momentum: 0.9);
        var features = Hidden(10, 4);
        covariance.Update(features);
        var exact = features.to(ScalarType.Float64);
        var expected = eye(4, dtype: ScalarType.Float64) * 0.9 + exact.t().mm(exact) * (0.1 / 10);
        Assert.IsTrue(allclose(covariance.Precision, expected, rtol: 1e-12));
    }

    [TestMethod]
    [DataRow(GaussianProcessLikelihood.BinaryLogistic)]
    [DataRow(GaussianProcessLikelihood.Poisson)]
    public void TheLikelihoodWeighsTheRows(GaussianProcessLikelihood likelihood)
    {
        using var scope = NewDisposeScope();
        using var covariance = new LaplaceCovariance(4, likelihood: likelihood);
        var (features, logit) = (Hidden(3, 4), tensor(new[] { -1.0, 0, 2 }, [3, 1]));
        covariance.Update(features, logit);
        var weight = likelihood == GaussianProcessLikelihood.Poisson ? logit.exp() : logit.sigmoid() * (1 - logit.sigmoid());
        var exact = features.to(ScalarType.Float64);
        Assert.IsTrue(allclose(covariance.Precision, eye(4, dtype: ScalarType.Float64) + (exact * weight).t().mm(exact), rtol: 1e-9));
        // Two logits stand for their difference.
        using var pair = new LaplaceCovariance(4, likelihood: likelihood);
        pair.Update(features, cat([ones_like(logit), logit + 1], 1));
        Assert.IsTrue(allclose(covariance.Precision, pair.Precision, rtol: 1e-9));
        Assert.ThrowsExactly<ArgumentException>(() => covariance.Update(features));
    }

    [TestMethod]
    public void ALayerIsSavedWhole()
    {
        using var scope = NewDisposeScope();
        using var first = new RandomFeatureGaussianProcess(3, 2, numberOfRandomFeatures: 8, normalizeInput: true);
        first.call(Hidden(5, 3));
        using var second = new RandomFeatureGaussianProcess(3, 2, numberOfRandomFeatures: 8, normalizeInput: true, seed: 4);
        second.load_state_dict(first.state_dict());
        first.eval();
        second.eval();
        var ((expected, expectedVariance), (logits, variance)) = (first.call(Hidden(4, 3)), second.call(Hidden(4, 3)));
        Assert.IsTrue(allclose(expected, logits, rtol: 0, atol: 0));
        Assert.IsTrue(allclose(expectedVariance!, variance!, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void NoTensorIsLeftBehind()
    {
        using (var warm = new RandomFeatureGaussianProcess(3, 2, numberOfRandomFeatures: 8))
            Use(warm);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var layer = new RandomFeatureGaussianProcess(3, 2, numberOfRandomFeatures: 8))
            Use(layer);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        static void Use(RandomFeatureGaussianProcess layer)
        {
            using var scope = NewDisposeScope();
            layer.call(Hidden(5, 3));
            layer.eval();
            layer.call(Hidden(5, 3));
        }
    }

    [TestMethod]
    public void MeanFieldDividesByTheRoot()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, -2, 3, 4 }, [2, 2]);
        var shared = MLNet.Sngp.Layers.MeanField.Adjust(logits, tensor(new[] { 3f, 8 }), factor: 1);
        Assert.IsTrue(allclose(shared, tensor(new[] { 0.5f, -1, 1, 4f / 3 }, [2, 2])));
        var own = MLNet.Sngp.Layers.MeanField.Adjust(logits, tensor(new[] { 3f, 0, 8, 0 }, [2, 2]), factor: 1);
        Assert.IsTrue(allclose(own, tensor(new[] { 0.5f, -2, 1, 4 }, [2, 2])));
        Assert.ThrowsExactly<ArgumentException>(() => MLNet.Sngp.Layers.MeanField.Adjust(logits, tensor(new[] { 3f })));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => MLNet.Sngp.Layers.MeanField.Adjust(logits, tensor(new[] { 3f, 8 }), factor: -1));
    }

    private static Tensor Hidden(long rows, long width, int seed = 1) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [rows, width], CPU);
}
