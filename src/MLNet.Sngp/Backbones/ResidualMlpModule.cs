using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>The module of <see cref="ResidualMlp"/>. The weights of all layers lie in one tensor, and are bounded at once.</summary>
internal sealed class ResidualMlpModule : BackboneModule, IFrozenStart
{
    private const int InitialPowerIterations = 50;
    private readonly double? _bound;
    private readonly int _iterations;
    private readonly bool _normalizes;
    private readonly LinearOperator _stack;
    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly Tensor _singularValues;

    /// <param name="options">The sizes, the dropout and the bound.</param>
    /// <param name="numberOfFeatures">d.</param>
    /// <param name="units">H.</param>
    /// <param name="random">Draws the initial weights: Glorot uniform; biases are 0.</param>
    /// <param name="device">Where the tensors live.</param>
    public ResidualMlpModule(ResidualMlp options, long numberOfFeatures, long units, SeededRandom random, Device device)
        : base(nameof(ResidualMlp))
    {
        long layers = options.NumberOfHiddenLayers;
        (_bound, _iterations, _normalizes) = (options.SpectralNormBound, options.NumberOfPowerIterations, options.NormalizeFeatures);
        Shift = zeros(units, dtype: ScalarType.Float32, device: device);
        Projection = Initial.GlorotUniform(random, numberOfFeatures, units, device);
        Weights = StackedParameter(layers, () => Initial.GlorotUniform(random, units, units, device));
        Biases = nn.Parameter(zeros(layers, units, dtype: ScalarType.Float32, device: device));
        _stack = LinearOperator.OfStack(Weights);
        _right = Initial.Gaussian(random, _stack.OutputShape, device);
        _left = zeros(_stack.InputShape, dtype: ScalarType.Float32, device: device);
        _singularValues = zeros(layers, 1, 1, dtype: ScalarType.Float32, device: device);
        Dropouts = [.. Enumerable.Range(0, (int)layers).Select(_ => new SeededDropout(options.DropoutRate) { RowShape = [units] })];
        register_buffer("projection", Projection, persistent: false);
        register_buffer("shift", Shift, persistent: false);
        register_parameter("weights", Weights);
        register_parameter("biases", Biases);
        register_buffer("spectral_right", _right);
        register_buffer("spectral_left", _left);
        register_buffer("spectral_values", _singularValues);
        for (var layer = 0; layer < Dropouts.Length; layer++)
            register_module(FormattableString.Invariant($"dropout{layer}"), Dropouts[layer]);
    }

    /// <summary>P, shape [d, H], with the features' scale in it; frozen.</summary>
    public Tensor Projection { get; }

    /// <summary>−(m·s)·P, shape [H], with the features' centre m and scale s; 0 where they are taken as they come.</summary>
    public Tensor Shift { get; }

    /// <summary>W of all layers, shape [L, H, H], inputs first.</summary>
    public Parameter Weights { get; }

    /// <summary>b of all layers, shape [L, H].</summary>
    public Parameter Biases { get; }

    /// <summary>One for each layer.</summary>
    public SeededDropout[] Dropouts { get; }

    /// <summary>The latest estimates of the largest singular values, from before the projection; shape [L, 1, 1].</summary>
    public Tensor SingularValues => _singularValues;

    public override long NumberOfHiddenUnits => Projection.shape[1];

    public override bool TakesDimensions => false;

    public override bool HandsOnNaN => true;

    public int StartWidth => (int)NumberOfHiddenUnits;

    public bool IsStarted { get; set; }

    public Tensor Start(Tensor features) => _normalizes ? addmm(Shift, features, Projection, 1, 1) : features.mm(Projection);

    /// <remarks>With the centre m and the scale s of the features, ((x − m)·s)·Q = x·(s·Q) − (m·s)·Q: nothing is left to do in scoring.
    /// Q = P + (g − 1)·NNᵀP moves rows along the directions N in which training rows do not vary g times as far.</remarks>
    public override void Adapt(RowSource rows, Action throwIfCancelled)
    {
        if (!_normalizes)
            return;
        var moments = FeatureMoments.Of(rows, throwIfCancelled);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scaled = Projection.cpu().to(ScalarType.Float64);
        if (FeatureInvariants.Of(rows, moments, throwIfCancelled) is { } invariants)
        {
            using var gain = (FeatureInvariants.Gain * Math.Sqrt(2.0 * moments.Scale.Length) - 1).ToScalar();
            scaled = scaled.add(invariants.mm(invariants.t().mm(scaled)), gain);
        }
        scaled = NativeTensor.Of(moments.Scale, [moments.Scale.Length, 1], CPU).mul(scaled);
        Shift.copy_(NativeTensor.Of(moments.Centre, [1, moments.Centre.Length], CPU).mm(scaled).neg().view(-1));
        Projection.copy_(scaled);
    }

    public override void Bound() => Bound(InitialPowerIterations);

    /// <summary>What a training step begins with: power iterations, and the projection of the weights.</summary>
    public void BeginStep() => Bound(_iterations);

    public override Tensor forward(Tensor features)
    {
        if (training)
            BeginStep();
        using var scope = NewDisposeScope();
        var hidden = IsStarted ? features.alias() : Start(features);
        // The gradient of all slices at once is one operator; that of one slice is a tensor of the size of all.
        var (weights, biases) = (Weights.unbind(0), Biases.unbind(0));
        for (var layer = 0; layer < Dropouts.Length; layer++)
        {
            var branch = addmm(biases[layer], hidden, weights[layer], 1, 1).relu();
            hidden = hidden.add(Dropouts[layer].call(branch), HeldScalars.One);
        }
        return scope.MoveToOuter(hidden);
    }

    /// <remarks>
    /// With σₗ ≥ ‖Wₗ‖₂ and s the factor of a dropout mask, ‖hₗ₊₁‖ ≤ (1 + s·σₗ)·‖hₗ‖ + s·‖bₗ‖, and ‖h₀‖ ≤ σ·√d·max|x| + ‖shift‖. So a limit
    /// on ‖h‖
    /// gives one on |x|, some 10²⁰ for usual networks.
    /// </remarks>
    public override InputLimits Limits(double largestHidden, bool isThinned)
    {
        var gain = InputLimits.SpectralNormBound(Projection) * Math.Sqrt(Projection.shape[0]);
        var offset = InputLimits.Length(Shift);
        var mask = isThinned ? Dropouts[0].Scale : 1;
        for (var layer = 0; layer < Dropouts.Length; layer++)
        {
            using var scope = NewDisposeScope();
            var factor = 1 + mask * InputLimits.SpectralNormBound(Weights.select(0, layer));
            gain *= factor;
            offset = offset * factor + mask * InputLimits.Length(Biases.select(0, layer));
        }
        return InputLimits.Of(gain, offset, largestHidden, NumberOfHiddenUnits);
    }

    public override string AddTo(OnnxGraphBuilder graph, string input)
    {
        using var scope = NewDisposeScope();
        var hidden = graph.Node("projection", "MatMul", [input, graph.Constant("projection/weight", Projection)]);
        if (_normalizes)
            hidden = graph.Node("shift", "Add", [hidden, graph.Constant("projection/bias", Shift)]);
        for (var layer = 0; layer < Dropouts.Length; layer++)
        {
            var part = graph.Within(FormattableString.Invariant($"{layer}"));
            var branch = part.Node("branch", "Relu", [part.Dense("dense", hidden, Weights.select(0, layer), Biases.select(0, layer))]);
            hidden = part.WithinLimit(part.Node("sum", "Add", [hidden, Dropouts[layer].AddTo(part, branch)]));
        }
        return hidden;
    }

    private static Parameter StackedParameter(long layers, Func<Tensor> draw)
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(stack([.. Enumerable.Range(0, (int)layers).Select(_ => draw())]));
        scope.MoveToOuter(parameter);
        return parameter;
    }

    private void Bound(int iterations)
    {
        if (_bound is { } bound)
            _stack.Project(_left, _right, _singularValues, bound, iterations);
    }
}
