using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// The Laplace posterior of the output weights: precision P = ridge·I + Σ wᵢ·φᵢφᵢᵀ, and from it the variance of
/// the logits, σ² = ridge·φᵀP⁻¹φ.
/// </summary>
/// <remarks>
/// Liu et al. 2020, equations 8 and 9, with the reference's Gaussian likelihood; the factor ridge in σ² is the
/// reference's. In double precision. The tensors belong to the dispose scope in which the posterior was made.
/// </remarks>
internal sealed class LaplacePosterior
{
    private readonly double _ridge;

    /// <param name="numberOfFeatures">M.</param>
    /// <param name="ridge">The prior precision, above 0.</param>
    /// <param name="device">Where the precision is gathered.</param>
    public LaplacePosterior(long numberOfFeatures, double ridge, Device device)
    {
        _ridge = ridge;
        using var scope = NewDisposeScope();
        Precision = scope.MoveToOuter(eye(numberOfFeatures, dtype: ScalarType.Float64, device: device).mul(ridge));
    }

    /// <summary>P, shape [M, M].</summary>
    public Tensor Precision { get; }

    /// <summary>Adds rows to the precision.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public void Add(Tensor features, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var exact = features.to(ScalarType.Float64);
        var weighted = weights is null ? exact : exact.mul(weights.to(ScalarType.Float64).unsqueeze(1));
        Precision.addmm_(weighted.t(), exact);
    }

    /// <summary>
    /// The matrix A, shape [M, M], for which σ² = |φ·A|²: A = √ridge·L⁻ᵀ with P = LLᵀ. A sum of squares cannot be
    /// negative.
    /// </summary>
    /// <param name="jitter">What had to be added to P's diagonal to factor it; usually 0.</param>
    /// <exception cref="InvalidOperationException">P cannot be factored.</exception>
    public Tensor VarianceFactor(out double jitter)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var lower = Factor(out jitter);
        var scaled = eye(Precision.shape[0], dtype: ScalarType.Float64, device: Precision.device).mul(Math.Sqrt(_ridge));
        return scope.MoveToOuter(linalg.solve_triangular(lower, scaled, upper: false).t().contiguous());
    }

    private Tensor Factor(out double jitter)
    {
        var meanDiagonal = Precision.diagonal().mean().item<double>();
        jitter = 0;
        foreach (var relative in (double[])[0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4])
        {
            jitter = relative * meanDiagonal;
            var candidate = jitter == 0 ? Precision : Precision.add(eye(Precision.shape[0], dtype: ScalarType.Float64, device: Precision.device), jitter);
            var (lower, info) = linalg.cholesky_ex(candidate);
            if (info.item<int>() == 0 && lower.isfinite().all().item<bool>())
                return lower;
        }
        throw new InvalidOperationException(FormattableString.Invariant($"The posterior precision (mean diagonal {meanDiagonal}) cannot be factored, even with {jitter} added to its diagonal. Raise {nameof(SngpTrainer.Options.RidgePenalty)}, which is {_ridge}, or scale the features."));
    }
}
