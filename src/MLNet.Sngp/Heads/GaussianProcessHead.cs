using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Heads;

/// <summary>The random-feature Gaussian process as an output layer: outputs = φ(h)·β + c, and a posterior of β.</summary>
internal sealed class GaussianProcessHead : Head
{
    private readonly GaussianProcessOptions _options;
    private readonly PosteriorOptions _posterior;
    private readonly HiddenNormalization? _normalization;
    private readonly Parameter _beta;
    // The width of what the kernel takes.
    private readonly long _units;
    private RandomFeatureMap? _map;

    /// <param name="units">H.</param>
    /// <param name="outputs">P.</param>
    /// <param name="options">The layer's options.</param>
    /// <param name="posterior">Says how large a logit may become on its way to a probability.</param>
    /// <param name="random">Draws the initial β, Glorot uniform.</param>
    /// <param name="device">Where the tensors live.</param>
    public GaussianProcessHead(
        long units, long outputs, GaussianProcessOptions options, PosteriorOptions posterior, SeededRandom random, Device device)
        : base(nameof(GaussianProcessHead))
    {
        (_units, _options, _posterior) = (HiddenNormalization.Width(units, options.NormalizeGpInput), options, posterior);
        _beta = nn.Parameter(Initial.TransposedGlorotUniform(random, RandomFeatureMap.CountFeatures(_units, options), outputs, device));
        register_parameter("beta", _beta);
        if (options.NormalizeGpInput == GpInputNormalization.None)
            return;
        _normalization = new HiddenNormalization(units, options.NormalizeGpInput, device);
        register_module("normalization", _normalization);
    }

    /// <summary>s, as given or as chosen from the data; NaN before <see cref="DrawFeatures"/>.</summary>
    public double KernelScale { get; private set; } = double.NaN;

    /// <summary>φ as a function of what <see cref="Input"/> gives.</summary>
    public RandomFeatureMap Map => _map ?? throw new InvalidOperationException("The random features are not drawn yet.");

    /// <summary>How hidden vectors are normalised; null where they are taken as they are.</summary>
    public HiddenNormalization? Normalization => _normalization;

    /// <summary>βᵀ, shape [P, M], output by output in memory: MKL takes many times as long for a product whose last matrix has few columns
    /// side by side.</summary>
    public Parameter TransposedOutputWeight => _beta;

    /// <summary>β, shape [M, P]; a view.</summary>
    public Tensor OutputWeight => _beta.t();

    /// <summary>c, the same constant for each output.</summary>
    public double OutputBias => _options.OutputBias;

    /// <summary>w of the penalty w·Σβ².</summary>
    public double OutputWeightDecay => _options.OutputWeightDecay;

    public override IEnumerable<(string Name, double Value)> Choices => [(nameof(GaussianProcessOptions.KernelScale), KernelScale)];

    // The layer normalisation squares its input. The logits of a Poisson likelihood are multiplied by up to exp(60); the variance is at
    // most |φ|², as large as the logits' squares.
    public override double LargestHidden => _normalization != null
        ? 1e17
        : Map.LargestHidden(_beta, _posterior.Likelihood == GaussianProcessLikelihood.Poisson ? 1e10 : 1e15);

    /// <summary>Draws the random features, once their kernel's scale is known.</summary>
    public void DrawFeatures(double kernelScale, int seed)
    {
        KernelScale = kernelScale;
        _map = new RandomFeatureMap(_units, _options, kernelScale, seed, _beta.device);
    }

    /// <summary>The hidden vectors as the kernel takes them, shape [B, H] or [B, H + 1].</summary>
    public Tensor Input(Tensor hidden) => _normalization is null ? hidden : _normalization.call(hidden);

    public override Tensor Features(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Map.call(Input(hidden)));
    }

    public override Tensor Outputs(Tensor hidden, Tensor? features)
    {
        using var scope = NewDisposeScope();
        var outputs = features!.mm(_beta.t());
        using var bias = OutputBias.ToScalar();
        return scope.MoveToOuter(OutputBias == 0 ? outputs : outputs.add(bias, HeldScalars.One));
    }

    public override Tensor? Penalty()
    {
        if (OutputWeightDecay == 0)
            return null;
        using var scope = NewDisposeScope();
        using var decay = OutputWeightDecay.ToScalar();
        return scope.MoveToOuter(_beta.pow(HeldScalars.Two).sum().mul(decay));
    }

    public override (string Outputs, string? Variance) AddTo(OnnxGraphBuilder graph, string hidden, VarianceForm? variance)
    {
        var input = _normalization is null ? hidden : _normalization.AddTo(graph.Within("normalization"), hidden);
        var basis = Map.AddBasisTo(graph, input);
        return (AddOutputs(graph, basis), variance?.AddTo(graph, basis, Map.Amplitude));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _map?.Dispose();
        base.Dispose(disposing);
    }

    private string AddOutputs(OnnxGraphBuilder graph, string basis)
    {
        using var scope = NewDisposeScope();
        using var amplitude = Map.Amplitude.ToScalar();
        var weight = graph.Constant("output_weight", OutputWeight.to(ScalarType.Float64).mul(amplitude));
        var outputs = graph.Node("outputs", "MatMul", [basis, weight]);
        return OutputBias == 0 ? outputs : graph.Node("biased", "Add", [outputs, graph.Constant("output_bias", [(float)OutputBias], 1)]);
    }
}
