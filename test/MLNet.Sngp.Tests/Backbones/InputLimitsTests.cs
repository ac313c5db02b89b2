using MLNet.Sngp.Backbones;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Backbones;

[TestClass]
public class InputLimitsTests
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
            var bound = InputLimits.SpectralNormBound(weight.mul(scale));
            Assert.IsInRange(scale * norm * (1 - 1e-5), scale * norm * Math.Pow(Math.Min(rows, columns), 1.0 / 32) * (1 + 1e-5), bound);
        }
        Assert.AreEqual(0, InputLimits.SpectralNormBound(zeros(rows, columns)));
    }

    [TestMethod]
    [DataRow(6, 1)]
    [DataRow(200, 1 + 200 + 1)]
    public void AUsualNetworkIsCutAtItsInputAlone(int layers, int cuts)
    {
        using var scope = NewDisposeScope();
        var options = SngpOptions.Deterministic();
        var graph = TestNetwork.Create(5, layers, 128, 3, options).Member(options, 5).Graph.Graph.Proto;
        Assert.AreEqual(cuts, graph.Node.Count(node => node.OpType == "Clip"));
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
