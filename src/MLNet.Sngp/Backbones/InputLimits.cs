using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>
/// Where values are cut off because single precision would overflow further on, so that every row of finite features gets finite scores.
/// </summary>
/// <param name="Input">The largest magnitude of a feature.</param>
/// <param name="Layer">That of a value between layers; null where the input's limit suffices.</param>
/// <param name="Hidden">That of an element of a hidden vector; null where the input's limit suffices.</param>
internal sealed record InputLimits(float Input, float? Layer, float? Hidden)
{
    // Room for sums of many values and for temperatures near 0; single precision ends at 3e38.
    private const float Largest = 1e30f;
    private const double SmallestUsefulLimit = 1e10;
    private const float LayerLimit = 1e15f;

    /// <summary>Limits between all layers: right for any network whose layers multiply by less than 1e15.</summary>
    public static InputLimits BetweenLayers(double largestHidden, long units) =>
        new(LayerLimit, LayerLimit, (float)(Math.Min(largestHidden, Largest) / Math.Sqrt(units)));

    /// <summary>One limit at the input where that leaves features of use, otherwise limits between all layers.</summary>
    /// <param name="gain">With <paramref name="offset"/>: the length of a hidden vector is at most gain·max|x| + offset.</param>
    /// <param name="offset">The same.</param>
    /// <param name="largestHidden">The limit on the length of a hidden vector.</param>
    /// <param name="units">H.</param>
    /// <param name="smallestUseful">Below this a limit at the input would reach features of use.</param>
    public static InputLimits Of(
        double gain, double offset, double largestHidden, long units, double smallestUseful = SmallestUsefulLimit)
    {
        var input = (Math.Min(largestHidden, Largest) - offset) / gain;
        return input >= smallestUseful
            ? new InputLimits((float)Math.Min(input, Largest), null, null)
            : BetweenLayers(largestHidden, units);
    }

    /// <summary>The limit on ‖h‖ that keeps ‖h·W‖ below the largest number.</summary>
    public static double LargestBefore(Tensor weight) => Largest / Math.Max(SpectralNormBound(weight), 1e-30);

    /// <summary>At least ‖W‖₂ and at most M^(1/32) times it, M the smaller side: ‖(WᵀW)⁸‖_F^(1/16).</summary>
    public static double SpectralNormBound(Tensor weight)
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

    public static double Length(Tensor vector)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return vector.detach().to(ScalarType.Float64).pow(HeldScalars.Two).sum().sqrt().item<double>();
    }
}
