using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static MLNet.Sngp.Export.NetworkNodes;
using static TorchSharp.torch;

namespace MLNet.Sngp.Export;

/// <summary>Writes a trained network with a dense output layer as an ONNX graph, without or with dropout.</summary>
internal static class DenseGraph
{
    /// <summary>The network as it is: one member.</summary>
    public static OnnxGraph Build(DenseNetwork network, string featureColumn)
    {
        var (graph, features) = Start("Deterministic", network, featureColumn);
        var hidden = AddResidualNetwork(graph, features, network.Residual, Bound(network));
        var logits = AddDense(graph, "output/logits", hidden, network.OutputWeight, network.OutputBias);
        AveragedOutputs.AddFromLogits(graph, graph.Node("Unsqueeze", "members/logits", [logits], [OnnxAttribute.Of("axes", [0L])]), network.Residual.Shape.NumberOfClasses, ModelOutput.Logits);
        return graph;
    }

    /// <summary>Thinned networks side by side: one for each pass, whose hidden units are multiplied by its masks.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="masks">Shape [L, P, H] for P passes.</param>
    /// <param name="featureColumn">The name of the graph's input.</param>
    /// <remarks>
    /// All rows of a pass share its masks, so a row's scores do not depend on the others nor on the batch. Values have
    /// the shape [P, N, H]; the runtime takes a product of such a value and a matrix as one product of P·N rows.
    /// </remarks>
    public static OnnxGraph Build(DenseNetwork network, Tensor masks, string featureColumn)
    {
        var (graph, features) = Start("MonteCarloDropout", network, featureColumn);
        var residual = network.Residual;
        var bound = Bound(network, masks.max().item<float>());
        var hidden = AddDense(graph, "hidden/projection", bound.AddToInput(graph, features), residual.ProjectionWeight, residual.ProjectionBias);
        for (var layer = 0; layer < residual.Shape.NumberOfHiddenLayers; layer++)
        {
            using var scope = NewDisposeScope();
            var name = FormattableString.Invariant($"hidden/{layer}");
            graph.Node("Relu", name + "/branch", [AddStackedDense(graph, name + "/dense", hidden, residual.Weight(layer), residual.Bias(layer))]);
            // A mask of shape [P, 1, H] also spreads the branch of the first layer, [N, H], over the passes.
            graph.Node("Mul", name + "/thinned", [name + "/branch", AddConstant(graph, name + "/masks", masks.select(0, layer).unsqueeze(1))]);
            hidden = bound.AddToLayer(graph, graph.Node("Add", name, [hidden, name + "/thinned"]), layer == residual.Shape.NumberOfHiddenLayers - 1);
        }
        AveragedOutputs.AddFromLogits(graph, AddStackedDense(graph, "members/logits", hidden, network.OutputWeight, network.OutputBias), residual.Shape.NumberOfClasses, ModelOutput.Score);
        return graph;
    }

    private static (OnnxGraph Graph, string Features) Start(string name, DenseNetwork network, string featureColumn)
    {
        var graph = new OnnxGraph(name);
        return (graph, graph.Input(featureColumn, network.Residual.Shape.NumberOfFeatures));
    }

    private static InputBound Bound(DenseNetwork network, double maskFactor = 1) =>
        InputBound.Of(network.Residual, InputBound.LargestBefore(network.OutputWeight), maskFactor);

    // Gemm takes matrices only.
    private static string AddStackedDense(OnnxGraph graph, string name, string input, Tensor weight, Tensor bias) =>
        graph.Node("Add", name, [graph.Node("MatMul", name + "/product", [input, AddConstant(graph, name + "/weight", weight)]), AddConstant(graph, name + "/bias", bias)]);
}
