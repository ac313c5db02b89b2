using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Heads;

/// <summary>Normalises hidden vectors for the random features: u = g·(h − mean h)/√(var h + ε) + c, and with the length also
/// ℓ = κ·√H·log √(mean h² + ε) as coordinate H + 1.</summary>
/// <remarks>
/// Layer normalisation: Ba et al. 2016. |u| is about √H, so that a factor f between the lengths of two rows counts like a distance of
/// κ·log f in units of it. See docs/decisions/0020-direction-and-length.md.
/// </remarks>
internal sealed class HiddenNormalization : nn.Module<Tensor, Tensor>, IOnnxModule
{
    // Keras' ε, as in edward2 and tensorflow/models.
    public const double Epsilon = 1e-3;

    private const double LengthGain = 2;
    private const int LogarithmColumns = 16;

    private static readonly Scalar HeldEpsilon = Epsilon.ToScalar();

    private readonly long _units;

    /// <param name="units">H.</param>
    /// <param name="kind">Not <see cref="GpInputNormalization.None"/>.</param>
    /// <param name="device">Where the parameters live.</param>
    public HiddenNormalization(long units, GpInputNormalization kind, Device device)
        : base(nameof(HiddenNormalization))
    {
        _units = units;
        HasLength = kind != GpInputNormalization.LayerNorm;
        Layer = nn.LayerNorm(units, Epsilon, device: device, dtype: ScalarType.Float32);
        register_module("layer", Layer);
    }

    /// <summary>With gain g and bias c, each of shape [H].</summary>
    public LayerNorm Layer { get; }

    /// <summary>Whether the logarithm of the length is one more coordinate.</summary>
    public bool HasLength { get; }

    /// <summary>ℓ = this·log(mean h² + ε).</summary>
    public double LengthFactor => LengthGain * Math.Sqrt(_units) / 2;

    /// <summary>The length of what comes out: H or H + 1.</summary>
    public static long Width(long units, GpInputNormalization kind) => units
        + (kind is GpInputNormalization.None or GpInputNormalization.LayerNorm ? 0 : 1);

    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var direction = Layer.call(hidden);
        if (!HasLength)
            return scope.MoveToOuter(direction);
        using var factor = LengthFactor.ToScalar();
        var length = hidden.mul(hidden).mean([1], true).add(HeldEpsilon, HeldScalars.One).log().mul(factor);
        return scope.MoveToOuter(cat([direction, length], 1));
    }

    public string AddTo(OnnxGraphBuilder graph, string input)
    {
        var direction = ModuleNodes.Add(graph, Layer, input);
        if (!HasLength)
            return direction;
        // In as many columns as the processor takes at once: ONNX Runtime's logarithm of what is left over at the end of a batch differs
        // in the last bit, so that a row's would depend on its place.
        var factors = new float[_units * LogarithmColumns];
        Array.Fill(factors, (float)(1.0 / _units));
        var square = graph.Node("mean_square", "MatMul", [graph.Node("squares", "Mul", [input, input]),
            graph.Constant("mean_square/factors", factors, _units, LogarithmColumns)]);
        var safe = graph.Node("safe_square", "Add", [square, graph.Constant("length_epsilon", [(float)Epsilon], 1)]);
        var length = graph.RowSum("length", graph.Node("log", "Log", [safe]), LogarithmColumns, LengthFactor / LogarithmColumns);
        return graph.Node("direction_and_length", "Concat", [direction, length], ("axis", 1L));
    }
}
