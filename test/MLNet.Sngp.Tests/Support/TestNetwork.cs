using MLNet.Sngp.Backbones;
using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Heads;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Small networks of the residual MLP, and what tests look at in them.</summary>
internal static class TestNetwork
{
    /// <param name="features">d.</param>
    /// <param name="layers">L.</param>
    /// <param name="units">H.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">All but the sizes.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="kernelScale">s.</param>
    public static Network Create(
        int features, int layers, int units, int classes, SngpOptions options, int seed = 1, double kernelScale = 1) =>
        Create(features, layers, units, classes, options, seed, _ => kernelScale);

    public static Network Create(int features, int layers, int units, int classes, SngpOptions options, int seed, Func<Func<Tensor, Tensor>,
        double> chooseKernelScale, Likelihood? likelihood = null)
    {
        var (backbone, mlp) = (options.Backbone.Copy(), (ResidualMlp)options.Backbone);
        ((ResidualMlp)backbone).NumberOfHiddenLayers = layers;
        ((ResidualMlp)backbone).NumberOfHiddenUnits = units;
        options.Backbone = backbone;
        try
        {
            return Network.Create(options, likelihood ?? Categorical.Instance, [features], classes, seed, CPU, chooseKernelScale);
        }
        finally
        {
            options.Backbone = mlp;
        }
    }

    public static ResidualMlpModule Mlp(this Network network) => (ResidualMlpModule)network.Backbone;

    public static GaussianProcessHead Process(this Network network) => (GaussianProcessHead)network.Head;

    public static Tensor Weight(this ResidualMlpModule mlp, int layer) => mlp.Weights[layer];

    public static Tensor Bias(this ResidualMlpModule mlp, int layer) => mlp.Biases[layer];

    public static Tensor Buffer(this ResidualMlpModule mlp, string name) => mlp.get_buffer(name)!;

    /// <summary>φ, shape [B, M].</summary>
    public static Tensor RandomFeatures(this Network network, Tensor features) => network.Forward(features).Features!;

    /// <summary>The logits, shape [B, K].</summary>
    public static Tensor Logits(this Network network, Tensor features) => network.Forward(features).Outputs;

    /// <summary>The trained network as a part of a model.</summary>
    public static MemberGraph Member(this Network network, SngpOptions options, int features, VarianceForm? variance = null, int seed = 0)
    {
        var graph = new OnnxGraphBuilder(new OnnxGraph("test"));
        return new MemberGraph(
            graph, network.AddTo(graph, graph.Graph.Input("Features", features), variance, options.NumberOfDropoutPasses, seed));
    }

    /// <summary>The graph of a model of one network.</summary>
    public static OnnxGraph Graph(this Network network, SngpOptions options, int features, int classes, VarianceForm? variance = null,
        int seed = 0, Likelihood? likelihood = null) =>
        ModelWriter.Build([network.Member(options, features, variance, seed)], Input(
            new TrainingTable(features, hasWeights: false), classes, seed, likelihood), options);

    public static TrainingInput Input(RowSource rows, int classes, int seed = 1, Likelihood? likelihood = null) =>
        new(rows, likelihood ?? Categorical.Instance, ClassLabels.Of([.. Enumerable.Range(0, classes).Select(i => $"class {i}")]),
            [rows.NumberOfFeatures], seed);
}
