using MLNet.Sngp.Backbones;
using MLNet.Sngp.Heads;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>A backbone, a head and a likelihood: what is trained, kept in checkpoints and exported.</summary>
/// <remarks>All tensors belong to the dispose scope in which the network was made; <see cref="Dispose"/> frees the rest. Not
/// thread-safe.</remarks>
internal sealed class Network : IDisposable
{
    private readonly long _width;
    private readonly bool _takesDimensions;

    // They come first in the store.
    private readonly long _backboneParameters;
    private readonly SeededDropout[] _dropouts;

    private Network(BackboneModule backbone, Head head, Likelihood likelihood, long[] rowShape, int outputs, Device device)
    {
        (Backbone, Head, Likelihood, NumberOfOutputs) = (backbone, head, likelihood, outputs);
        _width = rowShape.Aggregate(1L, (product, size) => product * size);
        RowShape = rowShape;
        _takesDimensions = backbone.TakesDimensions && rowShape.Length > 1;
        _dropouts = [.. backbone.modules().OfType<SeededDropout>()];
        _backboneParameters = backbone.parameters().Where(parameter => parameter.requires_grad).Distinct().Sum(
            parameter => parameter.numel());
        Parameters = new ParameterStore([.. backbone.parameters(), .. head.parameters()], device);
        Evaluate();
    }

    public BackboneModule Backbone { get; }

    public Head Head { get; }

    public Likelihood Likelihood { get; }

    /// <summary>Everything that the optimiser changes.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>P.</summary>
    public int NumberOfOutputs { get; }

    /// <summary>The dimensions of a row of features.</summary>
    public long[] RowShape { get; }

    /// <summary>Where the network is.</summary>
    public Device Device => Parameters.Values.device;

    /// <summary>Is given φ, shape [B, M], the outputs, shape [B, P], and the example weights of each training step, as the step computed
    /// them; null when nobody watches.</summary>
    public Action<Tensor, Tensor, Tensor?>? StepObserver { get; set; }

    /// <summary>The parameters and all else that training changes, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        [("parameters", Parameters.Values), .. Backbone.named_buffers(true, false)
            .Select(buffer => ("backbone." + buffer.name, buffer.buffer)),
            .. Head.named_buffers(true, false).Select(buffer => ("head." + buffer.name, buffer.buffer))];

    /// <summary>Makes a network with its initial weights.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="likelihood">Says what the outputs mean.</param>
    /// <param name="rowShape">The dimensions of a row of features.</param>
    /// <param name="outputs">P.</param>
    /// <param name="seed">Fixes all weights.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="chooseKernelScale">Gives the scale of the kernel's, once all but the random features is made; is told how rows of
    /// features become the vectors whose distances the kernel takes.</param>
    /// <param name="adapt">Shows the backbone the training rows; null for a network that takes features as they come.</param>
    public static Network Create(SngpOptions options, Likelihood likelihood, long[] rowShape, int outputs, int seed, Device device,
        Func<Func<Tensor, Tensor>, double> chooseKernelScale, Action<BackboneModule>? adapt = null)
    {
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        var backbone = options.Backbone.Create(rowShape, random, device);
        adapt?.Invoke(backbone);
        // Distances are to be measured in the network that is trained, whose weights obey the bound.
        backbone.Bound();
        if (options.Head == NetworkHead.Dense)
            return new Network(
                backbone, new DenseHead(backbone.NumberOfHiddenUnits, outputs, random, device), likelihood, rowShape, outputs, device);
        var head =
            new GaussianProcessHead(backbone.NumberOfHiddenUnits, outputs, options.GaussianProcess, options.Posterior, random, device);
        var network = new Network(backbone, head, likelihood, rowShape, outputs, device);
        head.DrawFeatures(chooseKernelScale(features => head.Input(network.Hidden(features))), seed);
        return network;
    }

    /// <summary>Dropout and batch statistics as in a training step.</summary>
    public void Train()
    {
        Backbone.train();
        Head.train();
    }

    /// <summary>The network as it scores.</summary>
    public void Evaluate()
    {
        Backbone.eval();
        Head.eval();
    }

    /// <summary>Lets dropout draw from a generator from now on.</summary>
    public void RestartDropout(SeededRandom random) => Array.ForEach(_dropouts, dropout => dropout.Restart(random));

    /// <summary>The hidden vectors, shape [B, H], of rows of features, shape [B, d].</summary>
    public Tensor Hidden(Tensor features)
    {
        if (!_takesDimensions)
            return Backbone.call(features);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Backbone.call(features.view([features.shape[0], .. RowShape])));
    }

    /// <summary>Adds the gradients of λ·‖w‖², w the backbone's parameters, to those of a training step.</summary>
    /// <returns>λ·‖w‖².</returns>
    public double Decay(double weightDecay)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var twice = (2 * weightDecay).ToScalar();
        var values = Parameters.Values.narrow(0, 0, _backboneParameters);
        Parameters.Gradients.narrow(0, 0, _backboneParameters).add_(values, twice);
        return weightDecay * values.dot(values).item<float>();
    }

    /// <summary>The outputs, shape [B, P], and φ, shape [B, M], or null.</summary>
    public (Tensor Outputs, Tensor? Features) Forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        var hidden = Hidden(features);
        var random = Head.Features(hidden);
        return (scope.MoveToOuter(Head.Outputs(hidden, random)), random is null ? null : scope.MoveToOuter(random));
    }

    /// <summary>Adds the network's nodes to a graph, once, or once for each thinned network.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The graph's input, shape [N, d].</param>
    /// <param name="variance">σ² as a function of φ; null where there is no posterior.</param>
    /// <param name="numberOfPasses">P thinned networks; null for the whole one.</param>
    /// <param name="seed">Fixes their masks.</param>
    /// <returns>The values of outputs and variances.</returns>
    public IReadOnlyList<(string Outputs, string? Variance)> AddTo(
        OnnxGraphBuilder graph, string features, VarianceForm? variance, int? numberOfPasses, int seed)
    {
        Evaluate();
        var limits = Backbone.Limits(Head.LargestHidden, numberOfPasses is not null);
        graph.LayerLimit = limits.Layer;
        var bounded = graph.Within("input").Clip("clipped", features, limits.Input);
        var nothing = AddNothing(graph, features, ref bounded);
        if (numberOfPasses is not { } passes)
            return [AddOnce(graph, bounded, nothing, limits, variance)];
        var networks = new List<(string, string?)>();
        for (var pass = 0; pass < passes; pass++)
        {
            graph.BeginPass(FormattableString.Invariant($"pass_{pass}/"), new SeededRandom(seed, RandomPurpose.DropoutPasses, pass));
            networks.Add(AddOnce(graph, bounded, nothing, limits, variance));
        }
        graph.BeginPass("", null);
        return networks;
    }

    public void Dispose()
    {
        Backbone.Dispose();
        Head.Dispose();
    }

    /// <summary>Lets what is no finite number in a row end as NaN: whether Clip hands a NaN on is left open by ONNX, and what follows may
    /// drop it. 0·x is NaN for what is not finite, and 0 elsewhere.</summary>
    /// <returns>What the outputs are to be added to, shape [N, 1]; null where the input has it in it.</returns>
    private string? AddNothing(OnnxGraphBuilder graph, string features, ref string bounded)
    {
        if (Backbone.HandsOnNaN)
        {
            var zeros = graph.Node("input/nothing", "Mul", [features, graph.Constant("input/zero", [0f], 1)]);
            bounded = graph.Node("input/bounded", "Add", [bounded, zeros]);
            return null;
        }
        if (_takesDimensions)
            bounded = graph.Node("input/shaped", "Reshape", [bounded, graph.Constant("input/shape", [0, .. RowShape])]);
        return graph.Node("input/nothing", "MatMul", [features, graph.Constant("input/zeros", new float[_width], _width, 1)]);
    }

    private (string Outputs, string? Variance) AddOnce(
        OnnxGraphBuilder graph, string input, string? nothing, InputLimits limits, VarianceForm? variance)
    {
        var hidden = Backbone.AddTo(graph.Within("backbone"), input);
        var head = graph.Within("head");
        if (limits.Hidden is { } limit)
            hidden = head.Clip("bounded", hidden, limit);
        var (outputs, squares) = Head.AddTo(head, hidden, variance);
        return nothing is null
            ? (outputs, squares)
            : (head.Node("known_outputs", "Add", [outputs, nothing]), squares is null
            ? null
            : head.Node("known_variance", "Add", [squares, nothing]));
    }
}
