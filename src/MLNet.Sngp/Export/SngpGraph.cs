using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;
using TorchSharp;
using static MLNet.Sngp.Export.NetworkNodes;
using static TorchSharp.torch;

namespace MLNet.Sngp.Export;

/// <summary>Writes a trained SNGP as an ONNX graph.</summary>
/// <remarks>
/// The spectral norm needs no node: the stored weights are already bounded. The amplitude a of the random features
/// is folded into β and into the variance factor, so the graph computes cos(h·W/√s + b) only, or with the linear
/// kernel nothing.
/// </remarks>
internal static class SngpGraph
{
    /// <param name="network">The trained network.</param>
    /// <param name="variance">σ² as a function of φ, with one or K classes.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="seed">Fixes the draws from the posterior.</param>
    /// <param name="task">Which outputs the graph gives.</param>
    public static OnnxGraph Build(SngpNetwork network, VarianceForm variance, SngpTrainer.Options options, int seed = 0, ClassificationTask task = ClassificationTask.Multiclass)
    {
        var graph = new OnnxGraph("SNGP");
        var shape = network.Residual.Shape;
        var hidden = AddResidualNetwork(graph, graph.Input(options.FeatureColumnName, shape.NumberOfFeatures), network.Residual, InputBound.Of(network.Residual, LargestHidden(network, options)));
        if (network.InputNormalization is { } normalization)
            hidden = AddLayerNormalization(graph, hidden, normalization);
        var process = network.GaussianProcess;
        var basis = process.IsLinear
            ? hidden
            : graph.Node("Cos", "gaussian_process/cosines", [AddDense(graph, "gaussian_process/phases", hidden, process.ScaledWeight, process.Bias)]);
        var isPerClass = options.Covariance == PosteriorCovariance.PerClass && task == ClassificationTask.Multiclass;
        AddLogits(graph, basis, process);
        using (var scope = NewDisposeScope())
        {
            // p₀(1 − p₀) is p₁(1 − p₁): two classes have the same covariance, and one block is enough.
            if (options.Covariance == PosteriorCovariance.PerClass && task == ClassificationTask.Binary)
                variance = variance.FirstOf(shape.NumberOfClasses);
            VarianceNodes.Add(graph, basis, process.Amplitude, variance, isPerClass ? shape.NumberOfClasses : 1);
        }
        ScoreNodes.Add(graph, shape.NumberOfClasses, options, seed, task);
        return graph;
    }

    /// <summary>The length of a hidden vector up to which nothing after it overflows.</summary>
    private static double LargestHidden(SngpNetwork network, SngpTrainer.Options options)
    {
        // The layer normalisation squares it.
        const double largestRoot = 1e17;
        var process = network.GaussianProcess;
        if (network.InputNormalization != null)
            return largestRoot;
        if (!process.IsLinear)
            return InputBound.LargestBefore(process.ScaledWeight);
        // ScoreNodes multiplies the logits of a Poisson likelihood by up to exp(60). The variance is at most |φ|², as large as the logits'
        // squares.
        var largestLogit = options.Likelihood == GaussianProcessLikelihood.Poisson ? 1e10 : 1e15;
        var largestFeatures = largestLogit / Math.Max(InputBound.SpectralNormBound(process.OutputWeight), 1e-3);
        return largestFeatures / process.Amplitude;
    }

    private static void AddLogits(OnnxGraph graph, string basis, RandomFeatureGaussianProcess process)
    {
        using var amplitude = process.Amplitude.ToScalar();
        var weight = AddConstant(graph, "gaussian_process/output_weight", process.OutputWeight.to(ScalarType.Float64).mul(amplitude));
        if (process.OutputBias == 0)
        {
            graph.Node("MatMul", ModelOutput.Logits, [basis, weight]);
            return;
        }
        graph.Node("MatMul", "gaussian_process/unbiased", [basis, weight]);
        graph.Node("Add", ModelOutput.Logits, ["gaussian_process/unbiased", graph.Constant("gaussian_process/output_bias", [(float)process.OutputBias], 1)]);
    }

    /// <summary>g·(h − mean)/√(var + ε) + c in the operators of opset 12, which has no LayerNormalization.</summary>
    private static string AddLayerNormalization(OnnxGraph graph, string hidden, LayerNormalization normalization)
    {
        const string name = "input_normalization/";
        var units = normalization.Gain.numel();
        AddRowSum(graph, name + "mean", hidden, units, 1.0 / units);
        graph.Node("Sub", name + "centred", [hidden, name + "mean"]);
        graph.Node("Mul", name + "squares", [name + "centred", name + "centred"]);
        AddRowSum(graph, name + "variance", name + "squares", units, 1.0 / units);
        graph.Node("Add", name + "safe_variance", [name + "variance", graph.Constant(name + "epsilon", [(float)LayerNormalization.Epsilon], 1)]);
        graph.Node("Sqrt", name + "deviation", [name + "safe_variance"]);
        graph.Node("Div", name + "standardised", [name + "centred", name + "deviation"]);
        graph.Node("Mul", name + "gained", [name + "standardised", AddConstant(graph, name + "gain", normalization.Gain)]);
        return graph.Node("Add", name + "output", [name + "gained", AddConstant(graph, name + "bias", normalization.Bias)]);
    }
}
