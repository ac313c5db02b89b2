using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>How σ² of one or C classes follows from the random features φ, shape [N, M].</summary>
/// <param name="Factor">Matrices side by side, all of the same width: A_k or B_k, shape [M, C·r].</param>
/// <param name="Prior">
/// Null for the full form, σ²ₖ = |φ·A_k|² with r = M. Otherwise pₖ, shape [C], of the truncated form σ²ₖ = |pₖ·|φ|² − |φ·B_k|²|.
/// </param>
/// <param name="Jitter">What was added to a precision's diagonal to factor it; usually 0.</param>
internal sealed record VarianceForm(Tensor Factor, Tensor? Prior, double Jitter)
{
    /// <summary>Truncated forms have a multiple of this many columns.</summary>
    internal const long ColumnMultiple = 16;

    /// <summary>The truncated form of all classes. Classes that need fewer columns than another get columns of zeros.</summary>
    public static VarianceForm Join(IReadOnlyList<LowRankVariance> classes, DisposeScope scope)
    {
        var width = (classes.Max(one => one.Factor.shape[1]) + ColumnMultiple - 1) / ColumnMultiple * ColumnMultiple;
        var factors = classes.Select(one => cat([one.Factor, one.Factor.new_zeros(one.Factor.shape[0], width - one.Factor.shape[1])], 1));
        return new VarianceForm(
            scope.MoveToOuter(cat(factors.ToArray(), 1)),
            scope.MoveToOuter(NativeTensor.Of(classes.Select(one => one.Prior).ToArray(), [classes.Count], CPU)),
            Jitter: 0);
    }

    /// <summary>The columns of <see cref="Factor"/> for one class.</summary>
    public long Width(int numberOfClasses) => Factor.shape[1] / numberOfClasses;

    /// <summary>The form of the first class alone.</summary>
    public VarianceForm FirstOf(int numberOfClasses) =>
        this with { Factor = Factor.narrow(1, 0, Width(numberOfClasses)), Prior = Prior?.narrow(0, 0, 1) };

    /// <summary>σ², shape [N, C], in the precision of <paramref name="features"/>.</summary>
    public Tensor Of(Tensor features, int numberOfClasses = 1)
    {
        using var scope = NewDisposeScope();
        var squares = features.mm(Factor.to(features.dtype)).view(features.shape[0], numberOfClasses, -1).pow(HeldScalars.Two).sum([2L]);
        if (Prior is not null)
            squares = features.pow(HeldScalars.Two).sum([1L], keepdim: true).mul(Prior.to(features.dtype)).sub(squares).abs();
        return scope.MoveToOuter(squares);
    }
}
