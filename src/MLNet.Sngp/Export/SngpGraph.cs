using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Export;

/// <summary>Writes a trained SNGP as an ONNX graph.</summary>
/// <remarks>
/// The spectral norm needs no node: the stored weights are already bounded. The amplitude a of the random features
/// is folded into β and into the variance factor, so the graph computes cos(h·W/√s + b) only.
/// </remarks>
internal static class SngpGraph
{
    /// <param name="network">The trained network.</param>
    /// <param name="varianceFactor">A, shape [M, M], with σ² = |φ·A|².</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">Which outputs the graph gives.</param>
    public static OnnxGraph Build(SngpNetwork network, Tensor varianceFactor, SngpTrainer.Options options, ClassificationTask task = ClassificationTask.Multiclass)
    {
        var graph = new OnnxGraph("SNGP");
        var shape = network.Residual.Shape;
        var hidden = AddResidualNetwork(graph, graph.Input(options.FeatureColumnName, shape.NumberOfFeatures), network.Residual);
        var process = network.GaussianProcess;
        var phases = AddDense(graph, "gaussian_process/phases", hidden, process.ScaledWeight, process.Bias);
        var cosines = graph.Node("Cos", "gaussian_process/cosines", [phases]);
        using (var scope = NewDisposeScope())
        {
            graph.Node("MatMul", PredictionOutputs.Logits, [cosines, AddConstant(graph, "gaussian_process/output_weight", process.OutputWeight.to(ScalarType.Float64).mul(process.Amplitude))]);
            graph.Node("MatMul", "gaussian_process/deviations", [cosines, AddConstant(graph, "gaussian_process/variance_factor", varianceFactor.mul(process.Amplitude))]);
        }
        graph.Node("ReduceSumSquare", PredictionOutputs.Variance, ["gaussian_process/deviations"], [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 1)]);
        PredictionOutputs.Add(graph, shape.NumberOfClasses, options.MeanFieldFactor ?? 0, task);
        return graph;
    }

    internal static string AddResidualNetwork(OnnxGraph graph, string features, ResidualNetwork network)
    {
        var hidden = AddDense(graph, "hidden/projection", features, network.ProjectionWeight, network.ProjectionBias);
        for (var layer = 0; layer < network.Shape.NumberOfHiddenLayers; layer++)
        {
            var name = FormattableString.Invariant($"hidden/{layer}");
            var branch = graph.Node("Relu", name + "/branch", [AddDense(graph, name + "/dense", hidden, network.Weight(layer), network.Bias(layer))]);
            hidden = graph.Node("Add", name, [hidden, branch]);
        }
        return hidden;
    }

    internal static string AddDense(OnnxGraph graph, string name, string input, Tensor weight, Tensor bias) =>
        graph.Node("Gemm", name, [input, AddConstant(graph, name + "/weight", weight), AddConstant(graph, name + "/bias", bias)]);

    internal static string AddConstant(OnnxGraph graph, string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        var single = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return graph.Constant(name, single.data<float>().ToArray(), single.shape);
    }
}
