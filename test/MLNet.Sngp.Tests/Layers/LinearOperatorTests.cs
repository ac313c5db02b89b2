using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

/// <summary>The soft projection of a stack of matrices.</summary>
[TestClass]
public class LinearOperatorTests
{
    [TestMethod]
    [DataRow(0.9)]
    [DataRow(2.0)]
    public void LargerWeightsReachTheBound(double bound)
    {
        using var scope = NewDisposeScope();
        var weights = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [3, 20, 20], CPU);
        Project(weights, bound, iterations: 1, times: 300);
        for (var layer = 0; layer < 3; layer++)
            Assert.AreEqual(bound, LargestSingularValue(weights[layer]), 1e-2);
    }

    [TestMethod]
    public void SmallerWeightsAreLeftUntouched()
    {
        using var scope = NewDisposeScope();
        var weights = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [2, 20, 20], CPU).mul(0.01);
        var before = weights.clone();
        Project(weights, 0.9, iterations: 20);
        Assert.IsTrue(allclose(weights, before, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void EachLayerIsBoundedOnItsOwn()
    {
        using var scope = NewDisposeScope();
        var weights = stack([eye(5).mul(4), eye(5).mul(0.5)]);
        Project(weights, 1, iterations: 50);
        Assert.AreEqual(1, LargestSingularValue(weights[0]), 1e-5);
        Assert.AreEqual(0.5, LargestSingularValue(weights[1]), 1e-7);
    }

    [TestMethod]
    public void WeightsOfZeroStayZero()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(1, 4, 4);
        Project(weights, 0.9, iterations: 3);
        Assert.AreEqual(0f, weights.abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 2)]
    [DataRow(3, 1)]
    [DataRow(3, 2)]
    public void TheNormOfAConvolutionIsThatOfTheMatrixOfItsImages(int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var layer = nn.Conv2d(3, 5, kernel, stride: stride, padding: kernel / 2, bias: false);
        layer.weight!.copy_(Initial.Gaussian(new SeededRandom(3, RandomPurpose.NetworkWeights), layer.weight.shape, CPU));
        // One unit image a row.
        var matrix = layer.call(eye(3 * 7 * 6).reshape(-1, 3, 7, 6)).flatten(1);
        var expected = LargestSingularValue(matrix);
        Assert.AreEqual(expected, LinearOperator.Of(layer, 7, 6).LargestSingularValue(500), 1e-3 * expected);
    }

    private static void Project(Tensor weights, double bound, int iterations, int times = 1)
    {
        var operators = LinearOperator.OfStack(weights);
        var right = Initial.Gaussian(new SeededRandom(2, RandomPurpose.NetworkWeights), operators.OutputShape, CPU);
        var (left, values) = (zeros(operators.InputShape), zeros(weights.shape[0], 1, 1));
        for (var i = 0; i < times; i++)
            operators.Project(left, right, values, bound, iterations);
    }

    private static double LargestSingularValue(Tensor matrix) => linalg.svdvals(matrix).max().item<float>();
}
