using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

[TestClass]
public class SpectralNormalizationTests
{
    [TestMethod]
    [DataRow(0.9)]
    [DataRow(2.0)]
    public void ALargerLinearLayerReachesTheBound(double bound)
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(20, 30);
        Draw(layer.weight, 1);
        using var bounded = new SpectralNormalization(layer, bound, numberOfPowerIterations: 20);
        for (var i = 0; i < 20; i++)
            bounded.call(ones(2, 20)).Dispose();
        Assert.AreEqual(bound, LargestSingularValue(layer.weight), 1e-4);
        Assert.AreEqual(bound, bounded.SingularValue.item<float>(), 1e-4);
    }

    [TestMethod]
    public void ASmallerWeightStaysAsItIs()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(20, 20);
        Draw(layer.weight, 0.01);
        var before = layer.weight.clone();
        using var bounded = new SpectralNormalization(layer, 0.9);
        bounded.call(ones(2, 20)).Dispose();
        Assert.IsTrue(allclose(before, layer.weight, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void NothingChangesInEvaluationMode()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(20, 20);
        Draw(layer.weight, 1);
        var before = layer.weight.clone();
        using var bounded = new SpectralNormalization(layer, 0.9);
        bounded.eval();
        bounded.call(ones(2, 20)).Dispose();
        Assert.IsTrue(allclose(before, layer.weight, rtol: 0, atol: 0));
        Assert.AreEqual(0f, bounded.SingularValue.item<float>());
    }

    [TestMethod]
    [DataRow(1, 1, 1, 1)]
    [DataRow(2, 1, 1, 1)]
    [DataRow(2, 0, 1, 1)]
    [DataRow(1, 2, 2, 1)]
    [DataRow(1, 1, 1, 2)]
    public void TheConvolutionOperatorReachesTheBound(int stride, int padding, int dilation, int groups)
    {
        using var scope = NewDisposeScope();
        var layer = nn.Conv2d(4, 6, 3, stride: stride, padding: padding, dilation: dilation, groups: groups);
        Draw(layer.weight, 1);
        using var bounded = new SpectralNormalization(layer, height: 6, width: 7, bound: 0.9);
        bounded.Project(300);
        // The map as a matrix, one basis picture a row.
        using var noGradient = no_grad();
        var outputs = nn.functional.conv2d(eye(4 * 6 * 7).reshape(-1, 4, 6, 7), layer.weight, null, layer.stride, layer.padding,
            layer.dilation, layer.groups);
        Assert.AreEqual(0.9, LargestSingularValue(outputs.flatten(1)), 1e-3);
        // Not the unfolded kernel: its norm differs.
        Assert.IsGreaterThan(0.05, Math.Abs(LargestSingularValue(layer.weight.flatten(1)) - 0.9));
    }

    [TestMethod]
    public void NoGradientFlowsThroughTheSingularValue()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(5, 5, hasBias: false);
        Draw(layer.weight, 1);
        using var bounded = new SpectralNormalization(layer, 0.5);
        var input = ones(1, 5);
        bounded.call(input).sum().backward();
        // d(Σ W·x)/dW is x in each row, whatever the projection did.
        Assert.IsTrue(allclose(layer.weight.grad!, ones(5, 5)));
    }

    [TestMethod]
    public void ASavedModuleGoesOnWhereItWas()
    {
        using var scope = NewDisposeScope();
        using var first = new SpectralNormalization(nn.Linear(6, 8), 0.3);
        first.call(ones(1, 6)).Dispose();
        using var second = new SpectralNormalization(nn.Linear(6, 8), 0.3, seed: 5);
        second.load_state_dict(first.state_dict());
        first.Project();
        second.Project();
        Assert.IsTrue(allclose(((Linear)first.Layer).weight, ((Linear)second.Layer).weight, rtol: 0, atol: 0));
        CollectionAssert.AreEquivalent(
            new[] { "left", "right", "singular_value", "layer.weight", "layer.bias" }, first.state_dict().Keys.ToArray());
    }

    [TestMethod]
    public void OtherPaddingIsRefusedByName()
    {
        using var scope = NewDisposeScope();
        var same =
            Assert.ThrowsExactly<ArgumentException>(() => new SpectralNormalization(nn.Conv2d(3, 3, 3, padding: Padding.Same), 8, 8));
        Assert.Contains("give nn.Conv2d padding as a number", same.Message);
        Assert.ThrowsExactly<ArgumentException>(
            () => new SpectralNormalization(nn.Conv2d(3, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect), 8, 8));
        var small = Assert.ThrowsExactly<ArgumentException>(() => new SpectralNormalization(nn.Conv2d(3, 3, 9), 8, 8));
        Assert.Contains("pictures of 8 by 8 pixels", small.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SpectralNormalization(nn.Linear(3, 3), bound: 0));
    }

    private static void Draw(Tensor weight, double factor)
    {
        using var noGradient = no_grad();
        weight.copy_(Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), weight.shape, CPU).mul(factor));
    }

    private static double LargestSingularValue(Tensor matrix) => linalg.svdvals(matrix).max().item<float>();
}
