using System.Globalization;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>
/// The Laplace posterior of a Gaussian process layer's output weights: precision P = ridge·I + Σ mᵢ·φᵢφᵢᵀ, and from it the variance
/// of the logits, σ² = ridge·φᵀP⁻¹φ.
/// </summary>
/// <remarks>
/// Liu et al. 2020 (arXiv 2006.10108), equations 8 and 9; the factor ridge in σ² is edward2's. The precision, in double precision whatever
/// the features are, is a buffer of the module. The factor of P that the variance needs is made once after an update and kept. Not
/// thread-safe.
/// </remarks>
public sealed class LaplaceCovariance : nn.Module
{
    [ComponentName(Name = "precision")]
    private readonly Tensor _precision;

    private readonly double _ridge;
    private readonly double? _momentum;
    private readonly GaussianProcessLikelihood _likelihood;

    // No component: it follows from the precision. Null until it is asked for.
    private Tensor? _factor;

    /// <summary>Starts with the prior alone.</summary>
    /// <param name="numberOfFeatures">M, the length of φ.</param>
    /// <param name="ridgePenalty">The prior precision, above 0; the reference's is 1.</param>
    /// <param name="momentum">m of P ← m·P + (1 − m)·S/B for a batch of B rows, from 0 to 1; null sums the rows exactly.</param>
    /// <param name="likelihood">How much each row tells: mᵢ. Others than Gaussian need logits in <see cref="Update"/>.</param>
    /// <param name="device">Where the precision is kept; null for the CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LaplaceCovariance(
        long numberOfFeatures, double ridgePenalty = 1, double? momentum = null, GaussianProcessLikelihood likelihood =
            GaussianProcessLikelihood.Gaussian, Device? device = null)
        : base(nameof(LaplaceCovariance))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numberOfFeatures);
        if (!(ridgePenalty > 0 && double.IsFinite(ridgePenalty)))
            throw new ArgumentOutOfRangeException(nameof(ridgePenalty), ridgePenalty, "The ridge penalty must be above 0.");
        if (momentum is not (null or (>= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The momentum must be from 0 to 1, or null.");
        (_ridge, _momentum, _likelihood) = (ridgePenalty, momentum, likelihood);
        _precision = zeros(numberOfFeatures, numberOfFeatures, dtype: ScalarType.Float64, device: device ?? CPU);
        RegisterComponents();
        Reset();
    }

    /// <summary>P, shape [M, M], in double precision. It belongs to the module.</summary>
    public Tensor Precision => _precision;

    /// <summary>Forgets all rows: P = ridge·I. To be called before each epoch where the rows are summed exactly, so that none counts
    /// twice.</summary>
    public void Reset()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var ridge = _ridge.ToScalar();
        _precision.zero_().diagonal().fill_(ridge);
        Forget();
    }

    /// <summary>Adds a batch of rows to the precision. No gradient flows.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <param name="logits">Shape [B, 1], or [B, 2] of which the second's difference to the first counts; needed unless the likelihood is
    /// Gaussian.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or logits are missing.</exception>
    public void Update(Tensor features, Tensor? logits = null)
    {
        ThrowIfUnfit(features);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var exact = features.detach().to(ScalarType.Float64);
        var left = Weights(logits) is { } weights ? exact.mul(weights) : exact;
        if (_momentum is { } momentum)
        {
            using var kept = momentum.ToScalar();
            using var taken = ((1 - momentum) / features.shape[0]).ToScalar();
            _precision.mul_(kept);
            left = left.mul(taken);
        }
        _precision.addmm_(left.t(), exact);
        Forget();
    }

    /// <summary>σ² of each row, shape [B], in the precision of <paramref name="features"/>; at least 0. No gradient flows.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">P cannot be factored; the message says what to change.</exception>
    public Tensor Variance(Tensor features)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Projected(features).pow(HeldScalars.Two).sum([1L]).to(features.dtype));
    }

    /// <summary>The covariance of the rows' logits, ridge·ΦP⁻¹Φᵀ, shape [B, B]: what the reference's layer gives. Its diagonal is
    /// <see cref="Variance"/>.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">P cannot be factored; the message says what to change.</exception>
    public Tensor Covariance(Tensor features)
    {
        using var scope = NewDisposeScope();
        var projected = Projected(features);
        return scope.MoveToOuter(projected.mm(projected.t()).to(features.dtype));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Forget();
        base.Dispose(disposing);
    }

    // φ·A with A = √ridge·L⁻ᵀ and P = LLᵀ, so that its rows' squared lengths are the variances.
    private Tensor Projected(Tensor features)
    {
        ThrowIfUnfit(features);
        using var noGradient = no_grad();
        return features.detach().to(ScalarType.Float64).mm(Factor());
    }

    private Tensor Factor()
    {
        if (_factor is not null && _factor.device_type == _precision.device_type && _factor.device_index == _precision.device_index)
            return _factor;
        Forget();
        using var scope = NewDisposeScope();
        using var ridge = _ridge.ToScalar();
        var posterior = new LaplacePosterior(_precision.shape[0], _ridge, _precision.device);
        // A module that was moved to single precision has its precision there too.
        var sum = posterior.Sum.select(0, 0).copy_(_precision);
        sum.diagonal().sub_(ridge);
        _factor = posterior.VarianceFactor(out _).DetachFromDisposeScope();
        return _factor;
    }

    private void Forget()
    {
        _factor?.Dispose();
        _factor = null;
    }

    private Tensor? Weights(Tensor? logits)
    {
        if (_likelihood == GaussianProcessLikelihood.Gaussian)
            return null;
        if (logits is null || logits.dim() != 2 || logits.shape[1] is not (1 or 2))
            throw new ArgumentException($"The likelihood {_likelihood} needs logits of shape [B, 1] or [B, 2].", nameof(logits));
        return Curvature.Of(_likelihood, PosteriorCovariance.Shared, logits.shape[1] == 2 ? logits : cat([logits.zeros_like(), logits], 1));
    }

    private void ThrowIfUnfit(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.shape[1] != _precision.shape[0])
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"The features have the shape [{string.Join(", ", features.shape)}]; rows of {_precision.shape[0]} random features are "
                    + $"needed."), nameof(features));
        }
    }
}
