using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Modules;

[TestClass]
public class LayerNormalizationTests
{
    [TestMethod]
    public void ItIsTorchsOwn()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var random = new SeededRandom(1, RandomPurpose.NetworkWeights);
        var layer = new LayerNormalization(zeros(10), zeros(10));
        layer.Gain.add_(Initial.Gaussian(random, [10], CPU));
        layer.Bias.add_(Initial.Gaussian(random, [10], CPU));
        var reference = nn.LayerNorm(10, eps: 1e-3);
        reference.weight!.copy_(layer.Gain);
        reference.bias!.copy_(layer.Bias);
        var hidden = Initial.Gaussian(random, [7, 10], CPU).mul(3).add(1);
        Assert.IsTrue(allclose(reference.forward(hidden), layer.Forward(hidden), rtol: 1e-5, atol: 1e-6));
    }

    [TestMethod]
    public void AConstantRowGivesTheBias()
    {
        using var scope = NewDisposeScope();
        var layer = new LayerNormalization(zeros(4), ones(4));
        Assert.IsTrue(allclose(layer.Forward(full([2, 4], 5f)), ones(2, 4)));
    }

    [TestMethod]
    public void TheKernelScaleAppliesToNormalisedVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [6, 3], CPU);
        var (one, four) = (Network(1), Network(4));
        Assert.IsTrue(allclose(one.GaussianProcess.ScaledWeight.div(2), four.GaussianProcess.ScaledWeight));
        Assert.IsFalse(allclose(one.RandomFeatures(input), four.RandomFeatures(input)));
        var normalised = one.GaussianProcessInput(input, masks: null);
        Assert.AreEqual(0f, normalised.mean([1]).abs().max().item<float>(), 1e-6f);
    }

    [TestMethod]
    public void TheAutomaticScaleIsMeasuredOnNormalisedVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [6, 3], CPU);
        Tensor? measured = null;
        var options = new SngpTrainer.Options { NumberOfRandomFeatures = 8, NormalizeGpInput = true };
        var network = new SngpNetwork(new NetworkShape(3, 2, 12, 2), options, 1, CPU, hidden =>
        {
            measured = hidden(input).clone();
            return 2;
        });
        Assert.IsTrue(allclose(measured!, network.GaussianProcessInput(input, masks: null)));
    }

    private static SngpNetwork Network(double scale) =>
        new(new NetworkShape(3, 2, 12, 2), new SngpTrainer.Options { NumberOfRandomFeatures = 8, NormalizeGpInput = true }, 1, CPU, _ => scale);
}
