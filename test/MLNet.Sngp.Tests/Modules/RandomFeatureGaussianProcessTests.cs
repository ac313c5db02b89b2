using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Modules;

[TestClass]
public class RandomFeatureGaussianProcessTests
{
    [TestMethod]
    [DataRow(1.0, 1)]
    [DataRow(2.5, 2)]
    public void InnerProductsApproximateTheGaussianKernel(double kernelScale, int seed)
    {
        using var scope = NewDisposeScope();
        const int width = 4;
        var options = new SngpTrainer.Options { NumberOfRandomFeatures = 10_240 };
        var process = Process(width, options, kernelScale, seed);
        var hidden = Initial.Gaussian(new SeededRandom(seed + 10, RandomPurpose.NetworkWeights), [30, width], CPU);
        var features = process.Features(hidden);
        var kernel = cdist(hidden, hidden).square().div(-2 * kernelScale).exp();
        var error = (features.mm(features.t()) - kernel).abs().max().item<float>();
        Assert.IsLessThan(5e-2f, error);
    }

    [TestMethod]
    public void WithoutScalingTheFeaturesAreTheCosinesThemselves()
    {
        using var scope = NewDisposeScope();
        var scaled = Process(3, new SngpTrainer.Options { NumberOfRandomFeatures = 50 }, 1, 7);
        var plain = Process(3, new SngpTrainer.Options { NumberOfRandomFeatures = 50, ScaleRandomFeatures = false }, 1, 7);
        var hidden = ones(2, 3);
        var ratio = scaled.Features(hidden) / plain.Features(hidden);
        Assert.IsTrue(allclose(ratio, full(ratio.shape, Math.Sqrt(2.0 / 50)), rtol: 1e-4));
        Assert.IsLessThanOrEqualTo(1f, plain.Features(hidden).abs().max().item<float>());
    }

    [TestMethod]
    public void WithTheLinearKernelTheFeaturesAreTheScaledHiddenVector()
    {
        using var scope = NewDisposeScope();
        var options = new SngpTrainer.Options { NumberOfRandomFeatures = 50, Kernel = GaussianProcessKernel.Linear, OutputBias = 0.25 };
        var process = Process(3, options, kernelScale: 4, seed: 7);
        var hidden = ones(2, 3);
        Assert.AreEqual(3, RandomFeatureGaussianProcess.CountFeatures(3, options));
        Assert.IsTrue(allclose(process.Features(hidden), full([2, 3], Math.Sqrt(2.0 / 50) / 2)));
        options.ScaleRandomFeatures = false;
        Assert.IsTrue(allclose(Process(3, options, kernelScale: 4, seed: 7).Features(hidden), full([2, 3], 0.5f)));
        Assert.IsTrue(allclose(process.Logits(zeros(1, 50)), full([1, 2], 0.25f)));
    }

    private static RandomFeatureGaussianProcess Process(int width, SngpTrainer.Options options, double kernelScale, int seed) =>
        new(width, options, kernelScale, zeros(2, options.NumberOfRandomFeatures), new SeededRandom(seed, RandomPurpose.RandomFeatures));
}
