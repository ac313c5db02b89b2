using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

[TestClass]
public class InputBoundTests
{
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 50)]
    [DataRow(50, 3)]
    [DataRow(64, 64)]
    public void TheBoundOnASpectralNormIsAtLeastItAndNotMuchMore(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var weight = Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [rows, columns], CPU);
        var norm = PowerIteration(weight);
        foreach (var scale in new[] { 1, 1e-20, 1e20 })
        {
            var bound = InputBound.SpectralNormBound(weight.mul(scale));
            Assert.IsInRange(scale * norm * (1 - 1e-5), scale * norm * Math.Pow(Math.Min(rows, columns), 1.0 / 32) * (1 + 1e-5), bound);
        }
        Assert.AreEqual(0, InputBound.SpectralNormBound(zeros(rows, columns)));
    }

    [TestMethod]
    [DataRow(6, 3)]
    [DataRow(200, 3 + 3 * 200)]
    public void AUsualNetworkIsCutAtItsInputAlone(int layers, int nodes)
    {
        using var scope = NewDisposeScope();
        var network = new DenseNetwork(new NetworkShape(5, layers, 128, 3), seed: 1, CPU);
        var graph = new OnnxGraph("test");
        graph.Input("Features", 5);
        var bound = InputBound.Of(network.Residual, InputBound.LargestBefore(network.OutputWeight));
        bound.AddToInput(graph, "Features");
        for (var layer = 0; layer < layers; layer++)
            bound.AddToLayer(graph, graph.Constant(FormattableString.Invariant($"hidden/{layer}"), [0f]), layer == layers - 1);
        Assert.HasCount(nodes, graph.ToModel("", "", []).Graph.Node);
    }

    private static double PowerIteration(Tensor weight)
    {
        var matrix = weight.to(ScalarType.Float64);
        var vector = ones(weight.shape[1], 1, dtype: ScalarType.Float64);
        for (var i = 0; i < 2000; i++)
        {
            vector = matrix.t().mm(matrix.mm(vector));
            vector = vector.div(vector.square().sum().sqrt());
        }
        return matrix.mm(vector).square().sum().sqrt().item<double>();
    }
}
