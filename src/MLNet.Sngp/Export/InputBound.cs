using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Export;

/// <summary>
/// Cuts features off where single precision would overflow further on, so that every row of finite features gets finite scores; what is no
/// finite number becomes NaN and stays so.
/// </summary>
/// <remarks>
/// With σₗ ≥ ‖Wₗ‖₂ and s the factor of a dropout mask, ‖hₗ₊₁‖ ≤ (1 + s·σₗ)·‖hₗ‖ + s·‖bₗ‖, and ‖h₀‖ ≤ σ·√d·max|x| + ‖p‖. So a limit on ‖h‖
/// gives one on |x|, some 10²⁰ for usual networks: one cut at the input suffices. Only networks so deep that it would come near real
/// features are cut after each layer.
/// </remarks>
internal sealed class InputBound
{
    // Room for sums of many values and for temperatures near 0; single precision ends at 3e38.
    private const float Largest = 1e30f;
    private const double SmallestUsefulLimit = 1e10;
    private const float LayerLimit = 1e15f;
    private readonly float _input;
    private readonly float? _last;

    private InputBound(float input, float? last)
    {
        _input = input;
        _last = last;
    }

    /// <param name="network">The trained network.</param>
    /// <param name="largestHidden">The limit on the length of a last hidden vector, above 0.</param>
    /// <param name="maskFactor">s, the largest value of a mask; 1 without dropout.</param>
    public static InputBound Of(ResidualNetwork network, double largestHidden, double maskFactor = 1)
    {
        var shape = network.Shape;
        var gain = SpectralNormBound(network.ProjectionWeight) * Math.Sqrt(shape.NumberOfFeatures);
        var offset = Length(network.ProjectionBias);
        for (var layer = 0; layer < shape.NumberOfHiddenLayers; layer++)
        {
            var factor = 1 + maskFactor * SpectralNormBound(network.Weight(layer));
            gain *= factor;
            offset = offset * factor + maskFactor * Length(network.Bias(layer));
        }
        var hidden = Math.Min(largestHidden, Largest);
        var input = (hidden - offset) / gain;
        return input >= SmallestUsefulLimit
            ? new InputBound((float)Math.Min(input, Largest), last: null)
            : new InputBound(LayerLimit, (float)(hidden / Math.Sqrt(shape.NumberOfHiddenUnits)));
    }

    /// <summary>The limit on ‖h‖ that keeps ‖h·W‖ below the largest number.</summary>
    public static double LargestBefore(Tensor weight) => Largest / Math.Max(SpectralNormBound(weight), 1e-30);

    /// <summary>The features within their limits.</summary>
    public string AddToInput(OnnxGraph graph, string features) => Add(graph, "input", features, _input);

    /// <summary>The hidden vectors after a layer, within their limits where those are needed.</summary>
    public string AddToLayer(OnnxGraph graph, string hidden, bool isLast) =>
        _last is { } last ? Add(graph, hidden, hidden, isLast ? last : LayerLimit) : hidden;

    // 0·x is NaN for what is not finite; whether Clip hands a NaN on is left open by ONNX.
    private static string Add(OnnxGraph graph, string name, string value, float limit)
    {
        graph.Node("Clip", name + "/clipped", [value, graph.Constant(name + "/minimum", [-limit]), graph.Constant(name + "/maximum", [limit])]);
        graph.Node("Mul", name + "/nothing", [value, graph.Constant(name + "/zero", [0f], 1)]);
        return graph.Node("Add", name + "/bounded", [name + "/clipped", name + "/nothing"]);
    }

    /// <summary>At least ‖W‖₂ and at most M^(1/32) times it, M the smaller side: ‖(WᵀW)⁸‖_F^(1/16).</summary>
    internal static double SpectralNormBound(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var matrix = weight.detach().to(ScalarType.Float64).cpu();
        // Scaled, so that the powers stay in range.
        var scale = matrix.abs().max().item<double>();
        if (scale == 0)
            return 0;
        using var unit = scale.ToScalar();
        matrix = matrix.div(unit);
        var product = matrix.shape[0] < matrix.shape[1] ? matrix.mm(matrix.t()) : matrix.t().mm(matrix);
        var logarithm = 0.0;
        for (var power = 1; power <= 8; power *= 2)
        {
            var norm = product.pow(HeldScalars.Two).sum().sqrt().item<double>();
            logarithm += Math.Log(norm) / power;
            using var length = norm.ToScalar();
            product = product.div(length);
            product = product.mm(product);
        }
        return scale * Math.Exp(logarithm / 2);
    }

    private static double Length(Tensor vector)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return vector.detach().to(ScalarType.Float64).pow(HeldScalars.Two).sum().sqrt().item<double>();
    }
}
