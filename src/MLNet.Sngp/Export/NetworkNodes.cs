using System.Runtime.InteropServices;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Export;

/// <summary>The parts that the graphs of all networks are made of.</summary>
internal static class NetworkNodes
{
    /// <summary>h₀ = x·P + p, then hₗ₊₁ = hₗ + relu(hₗ·Wₗ + bₗ); gives the last hidden vectors, shape [N, H].</summary>
    public static string AddResidualNetwork(OnnxGraph graph, string features, ResidualNetwork network, InputBound bound)
    {
        var hidden = AddDense(graph, "hidden/projection", bound.AddToInput(graph, features), network.ProjectionWeight, network.ProjectionBias);
        for (var layer = 0; layer < network.Shape.NumberOfHiddenLayers; layer++)
        {
            var name = FormattableString.Invariant($"hidden/{layer}");
            var branch = graph.Node("Relu", name + "/branch", [AddDense(graph, name + "/dense", hidden, network.Weight(layer), network.Bias(layer))]);
            hidden = bound.AddToLayer(graph, graph.Node("Add", name, [hidden, branch]), layer == network.Shape.NumberOfHiddenLayers - 1);
        }
        return hidden;
    }

    /// <summary>x·W + b for a matrix x.</summary>
    public static string AddDense(OnnxGraph graph, string name, string input, Tensor weight, Tensor bias) =>
        graph.Node("Gemm", name, [input, AddConstant(graph, name + "/weight", weight), AddConstant(graph, name + "/bias", bias)]);

    /// <summary>factor·Σ v over the last dimension, which stays as 1.</summary>
    /// <remarks>
    /// A matrix product, because ONNX Runtime's own sums start where the memory is aligned and so depend on a row's place in its batch
    /// (a few units in the last place).
    /// </remarks>
    public static string AddRowSum(OnnxGraph graph, string name, string values, long width, double factor = 1)
    {
        var factors = new float[width];
        Array.Fill(factors, (float)factor);
        return graph.Node("MatMul", name, [values, graph.Constant(name + "/factors", factors, width, 1)]);
    }

    /// <summary>A tensor in single precision.</summary>
    public static string AddConstant(OnnxGraph graph, string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        var single = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return graph.Constant(name, MemoryMarshal.Cast<byte, float>(single.bytes), single.shape);
    }
}
