using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class LikelihoodWeightsTests
{
    private static readonly double[] Logits = [0.2, 1.3, -3, 4, 30, -30];

    [TestMethod]
    public void GaussianRowsAllCountOne()
    {
        using var scope = NewDisposeScope();
        Assert.IsNull(LikelihoodWeights.Of(GaussianProcessLikelihood.Gaussian, PosteriorCovariance.Shared, tensor(Logits, [3, 2])));
    }

    [TestMethod]
    public void BinaryLogisticIsTheVarianceOfTheLabel() =>
        AssertWeights(new() { Likelihood = GaussianProcessLikelihood.BinaryLogistic }, l => 1 / (2 + Math.Exp(l) + Math.Exp(-l)));

    [TestMethod]
    public void PoissonIsTheRate() => AssertWeights(new() { Likelihood = GaussianProcessLikelihood.Poisson }, Math.Exp);

    [TestMethod]
    public void PerClassIsTheVarianceOfEachClass()
    {
        using var scope = NewDisposeScope();
        double[] logits = [0.5, -1, 2];
        var probabilities = MeanField.Softmax(logits);
        var weights = LikelihoodWeights.Of(GaussianProcessLikelihood.Gaussian, PosteriorCovariance.PerClass, tensor(logits, [1, 3]))!;
        CollectionAssert.AreEqual(new long[] { 1, 3 }, weights.shape);
        for (var k = 0; k < 3; k++)
            Assert.AreEqual(probabilities[k] * (1 - probabilities[k]), weights[0, k].item<double>(), 1e-15);
    }

    private static void AssertWeights(SngpTrainer.Options options, Func<double, double> expected)
    {
        using var scope = NewDisposeScope();
        var weights = LikelihoodWeights.Of(options.Likelihood, options.Covariance, tensor(Logits, [3, 2]))!;
        CollectionAssert.AreEqual(new long[] { 3, 1 }, weights.shape);
        for (var row = 0; row < 3; row++)
        {
            var value = expected(Logits[2 * row + 1] - Logits[2 * row]);
            Assert.AreEqual(value, weights[row, 0].item<double>(), 1e-12 * value);
        }
    }
}
