using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

[TestClass]
public class RandomFeatureMapTests
{
    [TestMethod]
    [DataRow(1.0, 1)]
    [DataRow(2.5, 2)]
    public void InnerProductsApproximateTheGaussianKernel(double kernelScale, int seed)
    {
        using var scope = NewDisposeScope();
        const int width = 4;
        var options = new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 10_240 } };
        var process = Process(width, options, kernelScale, seed);
        var hidden = Initial.Gaussian(new SeededRandom(seed + 10, RandomPurpose.NetworkWeights), [30, width], CPU);
        var features = process.call(hidden);
        var kernel = cdist(hidden, hidden).square().div(-2 * kernelScale).exp();
        var error = (features.mm(features.t()) - kernel).abs().max().item<float>();
        Assert.IsLessThan(5e-2f, error);
    }

    [TestMethod]
    public void WithoutScalingTheFeaturesAreTheCosinesThemselves()
    {
        using var scope = NewDisposeScope();
        var scaled = Process(3, new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 50 } }, 1, 7);
        var plain = Process(3, new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 50, ScaleRandomFeatures = false } }, 1, 7);
        var hidden = ones(2, 3);
        var ratio = scaled.call(hidden) / plain.call(hidden);
        Assert.IsTrue(allclose(ratio, full(ratio.shape, Math.Sqrt(2.0 / 50)), rtol: 1e-4));
        Assert.IsLessThanOrEqualTo(1f, plain.call(hidden).abs().max().item<float>());
    }

    [TestMethod]
    public void WithTheLinearKernelTheFeaturesAreTheScaledHiddenVector()
    {
        using var scope = NewDisposeScope();
        var options = new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 50, Kernel = GaussianProcessKernel.Linear } };
        var process = Process(3, options, kernelScale: 4, seed: 7);
        var hidden = ones(2, 3);
        Assert.AreEqual(3, RandomFeatureMap.CountFeatures(3, options.GaussianProcess));
        Assert.IsTrue(allclose(process.call(hidden), full([2, 3], Math.Sqrt(2.0 / 50) / 2)));
        options.GaussianProcess.ScaleRandomFeatures = false;
        Assert.IsTrue(allclose(Process(3, options, kernelScale: 4, seed: 7).call(hidden), full([2, 3], 0.5f)));
    }

    private static RandomFeatureMap Process(int width, SngpOptions options, double kernelScale, int seed) =>
        new(width, options.GaussianProcess, kernelScale, seed, CPU);
}
