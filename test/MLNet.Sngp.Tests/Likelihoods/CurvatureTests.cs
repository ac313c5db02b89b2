using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Likelihoods;

[TestClass]
public class CurvatureTests
{
    private static readonly double[] Logits = [0.2, 1.3, -3, 4, 30, -30];

    [TestMethod]
    public void GaussianRowsAllCountOne()
    {
        using var scope = NewDisposeScope();
        Assert.IsNull(Curvature.Of(GaussianProcessLikelihood.Gaussian, PosteriorCovariance.Shared, tensor(Logits, [3, 2])));
    }

    [TestMethod]
    public void BinaryLogisticIsTheVarianceOfTheLabel() =>
        AssertWeights(
            new() { Posterior = { Likelihood = GaussianProcessLikelihood.BinaryLogistic } }, l => 1 / (2 + Math.Exp(l) + Math.Exp(-l)));

    [TestMethod]
    public void PoissonIsTheRate() => AssertWeights(new() { Posterior = { Likelihood = GaussianProcessLikelihood.Poisson } }, Math.Exp);

    [TestMethod]
    public void PerClassIsTheVarianceOfEachClass()
    {
        using var scope = NewDisposeScope();
        double[] logits = [0.5, -1, 2];
        var probabilities = MeanField.Softmax(logits);
        var weights = Curvature.Of(GaussianProcessLikelihood.Gaussian, PosteriorCovariance.PerClass, tensor(logits, [1, 3]))!;
        CollectionAssert.AreEqual(new long[] { 1, 3 }, weights.shape);
        for (var k = 0; k < 3; k++)
            Assert.AreEqual(probabilities[k] * (1 - probabilities[k]), weights[0, k].item<double>(), 1e-15);
    }

    private static void AssertWeights(SngpOptions options, Func<double, double> expected)
    {
        using var scope = NewDisposeScope();
        var weights = Curvature.Of(options.Posterior.Likelihood, options.Posterior.Covariance, tensor(Logits, [3, 2]))!;
        CollectionAssert.AreEqual(new long[] { 3, 1 }, weights.shape);
        for (var row = 0; row < 3; row++)
        {
            var value = expected(Logits[2 * row + 1] - Logits[2 * row]);
            Assert.AreEqual(value, weights[row, 0].item<double>(), 1e-12 * value);
        }
    }
}
