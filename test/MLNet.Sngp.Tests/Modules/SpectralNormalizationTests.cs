using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Modules;

[TestClass]
public class SpectralNormalizationTests
{
    [TestMethod]
    [DataRow(0.9)]
    [DataRow(2.0)]
    public void LargerWeightsReachTheBound(double bound)
    {
        using var scope = NewDisposeScope();
        var weights = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [3, 20, 20], CPU);
        var normalization = new SpectralNormalization(weights, bound, iterations: 1, new SeededRandom(2, RandomPurpose.NetworkWeights));
        for (var i = 0; i < 300; i++)
            normalization.Apply();
        for (var layer = 0; layer < 3; layer++)
            Assert.AreEqual(bound, LargestSingularValue(weights[layer]), 1e-2);
    }

    [TestMethod]
    public void SmallerWeightsAreLeftUntouched()
    {
        using var scope = NewDisposeScope();
        var weights = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [2, 20, 20], CPU).mul(0.01);
        var before = weights.clone();
        new SpectralNormalization(weights, 0.9, iterations: 20, new SeededRandom(2, RandomPurpose.NetworkWeights)).Apply();
        Assert.IsTrue(allclose(weights, before, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void EachLayerIsBoundedOnItsOwn()
    {
        using var scope = NewDisposeScope();
        var weights = stack([eye(5).mul(4), eye(5).mul(0.5)]);
        new SpectralNormalization(weights, 1, iterations: 50, new SeededRandom(3, RandomPurpose.NetworkWeights)).Apply();
        Assert.AreEqual(1, LargestSingularValue(weights[0]), 1e-5);
        Assert.AreEqual(0.5, LargestSingularValue(weights[1]), 1e-7);
    }

    [TestMethod]
    public void WeightsOfZeroStayZero()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(1, 4, 4);
        new SpectralNormalization(weights, 0.9, iterations: 3, new SeededRandom(3, RandomPurpose.NetworkWeights)).Apply();
        Assert.AreEqual(0f, weights.abs().max().item<float>());
    }

    private static double LargestSingularValue(Tensor matrix) => linalg.svdvals(matrix).max().item<float>();
}
