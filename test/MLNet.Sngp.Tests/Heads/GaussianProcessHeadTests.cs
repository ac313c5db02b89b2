using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Heads;

/// <summary>What the kernel is given, with and without normalisation.</summary>
[TestClass]
public class GaussianProcessHeadTests
{
    [TestMethod]
    public void TheKernelScaleAppliesToNormalisedVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (one, four) = (Network(1), Network(4));
        Assert.IsTrue(allclose(one.Process().Map.ScaledWeight.div(2), four.Process().Map.ScaledWeight));
        Assert.IsFalse(allclose(one.RandomFeatures(Input), four.RandomFeatures(Input)));
        var normalised = one.Process().Input(one.Hidden(Input));
        Assert.AreEqual(0f, normalised.mean([1]).abs().max().item<float>(), 1e-6f);
        Assert.AreEqual(1f, normalised.square().mean([1]).max().item<float>(), 1e-2f);
    }

    [TestMethod]
    public void TheAutomaticScaleIsMeasuredOnNormalisedVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor? measured = null;
        var network = TestNetwork.Create(3, 2, 12, 2, Options, 1, hidden =>
        {
            measured = hidden(Input).clone();
            return 2;
        });
        Assert.IsTrue(allclose(measured!, network.Process().Input(network.Hidden(Input))));
    }

    [TestMethod]
    public void TheBiasIsAddedToAllOutputs()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 8 } };
        var plain = TestNetwork.Create(3, 2, 12, 2, options).Logits(Input);
        options.GaussianProcess.OutputBias = 0.25;
        Assert.IsTrue(allclose(plain.add(0.25), TestNetwork.Create(3, 2, 12, 2, options).Logits(Input)));
    }

    private static SngpOptions Options =>
        new() { GaussianProcess = { NumberOfRandomFeatures = 8, NormalizeGpInput = GpInputNormalization.LayerNorm } };

    private static Tensor Input => Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [6, 3], CPU);

    private static MLNet.Sngp.Training.Network Network(double scale) => TestNetwork.Create(3, 2, 12, 2, Options, 1, scale);
}
