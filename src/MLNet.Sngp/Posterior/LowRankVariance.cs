using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>The truncated form of one posterior variance: σ² ≈ p·|φ|² − |φ·B|².</summary>
/// <remarks>
/// With P = ρI + S and the eigenpairs (s, u) of S, ρφᵀP⁻¹φ = |φ|² − Σ fⱼ(uⱼᵀφ)², fⱼ = sⱼ/(ρ + sⱼ). The terms left out, all with fⱼ ≤ f,
/// would take between 0 and f·|φ|²; taking f/2 of the length of φ outside the directions kept is wrong by f/2·|φ|² at most. S itself
/// is known as LLᵀ + E, which adds no more than |E|/ρ·|φ|², | | the Frobenius norm. Where L has very many columns, nothing but E is left
/// out.
/// </remarks>
/// <param name="Factor">B, shape [M, r].</param>
/// <param name="Prior">p.</param>
internal sealed record LowRankVariance(Tensor Factor, double Prior)
{
    /// <summary>The error of p·|φ|² − |φ·B|² in single precision, as a share of |φ|²: sums of a thousand terms that nearly
    /// cancel.</summary>
    internal const double SinglePrecisionError = 1e-6;

    // The share of the error left to E.
    private const double RestShare = 0.2;

    // An eigendecomposition is one native call, which cannot be cancelled: no more than about a second of it.
    private const long MostEigenpairs = 1920;

    // Double precision: nothing smaller, relative to the trace, can be told from rounding.
    private const double Resolution = 1e-13;

    /// <summary>The truncated form where it keeps the tolerance and takes less work than the full form; otherwise null.</summary>
    /// <param name="sum">S, shape [M, M], symmetric and positive semi-definite.</param>
    /// <param name="largestRank">What the rank of S cannot exceed: the number of rows.</param>
    /// <param name="prior">ρ: the ridge, or what a momentum has left of it.</param>
    /// <param name="ridge">What σ² = ridge·φᵀP⁻¹φ is scaled by.</param>
    /// <param name="tolerance">The largest error of σ², absolute.</param>
    /// <param name="largestSquaredNorm">A bound on |φ|².</param>
    /// <param name="throwIfCancelled">Is called again and again.</param>
    /// <param name="mostEigenpairs">The largest matrix to take apart in one call.</param>
    public static LowRankVariance? Find(Tensor sum, long largestRank, double prior, double ridge, double tolerance,
        double largestSquaredNorm, Action throwIfCancelled, long mostEigenpairs = MostEigenpairs)
    {
        // A bound on f/2 + |E|/ρ.
        var budget = tolerance * prior / ridge / largestSquaredNorm - SinglePrecisionError;
        var rest = RestShare * budget * prior;
        if (!(budget > 0 && rest > Resolution * sum.trace().item<double>()))
            return null;
        using var scope = NewDisposeScope();
        if (PivotedCholesky.Decompose(sum, largestRank, rest, throwIfCancelled) is not { } root)
            return null;
        var gram = SplitProduct.Of(root.t(), root, throwIfCancelled);
        if (root.shape[1] > mostEigenpairs)
            return WholeRoot(root, gram, prior, ridge, throwIfCancelled) is { } whole
                ? whole with { Factor = scope.MoveToOuter(whole.Factor) } : null;
        var (values, vectors) = linalg.eigh(gram);
        throwIfCancelled();
        using var heldPrior = prior.ToScalar();
        using var negligible = (2 * (1 - RestShare) * budget).ToScalar();
        var shares = values.div(values.add(heldPrior, HeldScalars.One));
        var rank = shares.gt(negligible).sum().item<long>();
        // With more than three quarters of the columns little is saved.
        if (rank == 0 || 4 * rank > 3 * sum.shape[0])
            return null;
        // What fills the last vector of the processor up costs next to nothing.
        rank = Math.Min((rank + VarianceForm.ColumnMultiple - 1) / VarianceForm.ColumnMultiple * VarianceForm.ColumnMultiple, shares.gt(
            HeldScalars.Zero).sum().item<long>());
        var leftOut = values.shape[0] - rank;
        var half = leftOut == 0 ? 0 : Math.Max(0, shares[leftOut - 1].item<double>()) / 2;
        using var heldHalf = half.ToScalar();
        using var scale = (ridge / prior).ToScalar();
        var weights = shares.narrow(0, leftOut, rank).sub(heldHalf).div(values.narrow(0, leftOut, rank)).mul(scale).sqrt();
        var factor = root.mm(vectors.narrow(1, leftOut, rank).mul(weights));
        return new LowRankVariance(scope.MoveToOuter(factor), (1 - half) * ridge / prior);
    }

    /// <summary>The form that leaves out E alone: ρφᵀP⁻¹φ = |φ|² − |φ·R·C⁻ᵀ|² with S = RRᵀ and CCᵀ = ρI + RᵀR (Woodbury).</summary>
    private static LowRankVariance? WholeRoot(Tensor root, Tensor gram, double prior, double ridge, Action throwIfCancelled)
    {
        if (4 * root.shape[1] > 3 * root.shape[0])
            return null;
        using var heldPrior = prior.ToScalar();
        gram.diagonal().add_(heldPrior, HeldScalars.One);
        return BlockedCholesky.ScaledInverse(gram, Math.Sqrt(ridge / prior), throwIfCancelled) is { } inverse
            ? new LowRankVariance(SplitProduct.Of(root, inverse.t(), throwIfCancelled), ridge / prior)
            : null;
    }
}
