using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>
/// The Laplace posterior of the output weights: precision P = ridge·I + Σ wᵢmᵢ·φᵢφᵢᵀ, and from it the variance of
/// the logits, σ² = ridge·φᵀP⁻¹φ. One precision for all classes or one for each.
/// </summary>
/// <remarks>
/// Liu et al. 2020, equations 8 and 9; the factor ridge in σ² is the reference's. With a momentum m, each batch of B rows is
/// P ← m·P + (1 − m)·S/B instead of P ← P + S. In double precision. The tensors belong to the dispose scope in which
/// the posterior was made.
/// </remarks>
internal sealed class LaplacePosterior
{
    private double _ridge;
    private readonly double? _momentum;
    private readonly Action _throwIfCancelled;

    /// <param name="numberOfFeatures">M.</param>
    /// <param name="ridge">The prior precision, above 0.</param>
    /// <param name="device">Where the precision is gathered.</param>
    /// <param name="numberOfPrecisions">C: 1, or K for one precision a class.</param>
    /// <param name="momentum">m, from 0 to 1; null sums exactly.</param>
    /// <param name="throwIfCancelled">Is called again and again while the posterior works, at most some tenths of a second apart; null for
    /// nothing.</param>
    public LaplacePosterior(long numberOfFeatures, double ridge, Device device, int numberOfPrecisions = 1, double? momentum = null,
        Action? throwIfCancelled = null)
    {
        _ridge = ridge;
        _momentum = momentum;
        _throwIfCancelled = throwIfCancelled ?? (() => { });
        Prior = ridge;
        Sum = zeros(numberOfPrecisions, numberOfFeatures, numberOfFeatures, dtype: ScalarType.Float64, device: device);
    }

    /// <summary>Where the precision is gathered.</summary>
    public Device Device => Sum.device;

    /// <summary>Σ wᵢmᵢ·φᵢφᵢᵀ, or what a momentum makes of it; shape [C, M, M].</summary>
    public Tensor Sum { get; }

    /// <summary>What P has on its diagonal besides: the ridge, or what a momentum has left of it.</summary>
    public double Prior { get; private set; }

    /// <summary>The number of rows added.</summary>
    public long NumberOfRows { get; private set; }

    /// <summary>P, shape [C, M, M]; a copy.</summary>
    public Tensor Precision
    {
        get
        {
            using var scope = NewDisposeScope();
            using var prior = Prior.ToScalar();
            return scope.MoveToOuter(Sum.add(eye(Sum.shape[1], dtype: ScalarType.Float64, device: Device), prior));
        }
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Sum.fill_(HeldScalars.Zero);
        Prior = _ridge;
        NumberOfRows = 0;
    }

    /// <summary>Goes on from a state that was kept; <see cref="Sum"/> is the caller's to fill.</summary>
    public void Restore(double prior, long numberOfRows) => (Prior, NumberOfRows) = (prior, numberOfRows);

    /// <summary>Lets each row count 1/<paramref name="noise"/> times: P up to that factor, which σ² does not show.</summary>
    public void Weaken(double noise) => (Prior, _ridge) = (Prior * noise, _ridge * noise);

    /// <summary>Adds rows to the precision.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <param name="weights">Example weights w, shape [B], or null.</param>
    /// <param name="curvature">m, shape [B, C], or null where all are 1; see <see cref="Likelihoods.Curvature"/>.</param>
    public void Add(Tensor features, Tensor? weights, Tensor? curvature = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        NumberOfRows += features.shape[0];
        var exact = features.detach().to(ScalarType.Float64);
        var left = weights is null ? exact : exact.mul(weights.to(ScalarType.Float64).unsqueeze(1));
        if (_momentum is { } momentum)
        {
            using var kept = momentum.ToScalar();
            using var taken = ((1 - momentum) / features.shape[0]).ToScalar();
            Sum.mul_(kept);
            Prior *= momentum;
            left = left.mul(taken);
        }
        for (var k = 0L; k < Sum.shape[0]; k++)
        {
            var weighted = curvature is null ? left : left.mul(curvature.narrow(1, k, 1));
            SplitProduct.AddTo(Sum.select(0, k), weighted.t(), exact, beta: 1, alpha: 1, _throwIfCancelled);
        }
    }

    /// <summary>The variance as a function of φ, in the form that takes the least work within a tolerance.</summary>
    /// <param name="tolerance">The largest error of σ², absolute; 0 for the full form.</param>
    /// <param name="largestSquaredNorm">A bound on |φ|²; infinite where there is none.</param>
    /// <exception cref="InvalidOperationException">P cannot be factored.</exception>
    public VarianceForm Variance(double tolerance, double largestSquaredNorm)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var classes = new LowRankVariance?[Sum.shape[0]];
        for (var k = 0; k < classes.Length; k++)
        {
            classes[k] =
                LowRankVariance.Find(Sum.select(0, k), NumberOfRows, Prior, _ridge, tolerance, largestSquaredNorm, _throwIfCancelled);
            if (classes[k] is null)
            {
                var factor = VarianceFactor(out var jitter);
                return new VarianceForm(scope.MoveToOuter(factor), null, jitter, classes.Length);
            }
        }
        return VarianceForm.Join(classes!, scope);
    }

    /// <summary>
    /// The full form: matrices A_k side by side, shape [M, C·M], for which σ²_k = |φ·A_k|²: A = √ridge·L⁻ᵀ with P = LLᵀ. A sum of
    /// squares cannot be negative.
    /// </summary>
    /// <remarks>A jitter counts as that much more ridge, here too: otherwise rows far from the training data would seem certain.</remarks>
    /// <param name="jitter">The most that had to be added to a P's diagonal to factor it; usually 0.</param>
    /// <exception cref="InvalidOperationException">P cannot be factored.</exception>
    public Tensor VarianceFactor(out double jitter)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var factors = new Tensor[Sum.shape[0]];
        jitter = 0;
        for (var k = 0; k < factors.Length; k++)
        {
            factors[k] = InverseFactor(Sum.select(0, k), 1, out var added).t();
            jitter = Math.Max(jitter, added);
        }
        return scope.MoveToOuter(factors.Length == 1 ? factors[0].contiguous() : cat(factors, 1));
    }

    /// <summary>√p·L⁻¹ with LLᵀ = S + p·I of the first precision, where each row counts 1/<paramref name="noise"/> times: p is the ridge
    /// times
    /// the noise, and the jitter.</summary>
    /// <exception cref="InvalidOperationException">It cannot be factored.</exception>
    public Tensor InverseFactor(double noise, out double prior)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var factor = InverseFactor(Sum.select(0, 0), noise, out var jitter);
        prior = (_ridge * noise) + jitter;
        return scope.MoveToOuter(factor);
    }

    /// <summary>√(ridge + jitter)·L⁻¹ with LLᵀ = S + (prior + jitter)·I; ridge and prior times the noise.</summary>
    private Tensor InverseFactor(Tensor sum, double noise, out double jitter)
    {
        var meanDiagonal = (Prior * noise) + sum.diagonal().mean().item<double>();
        jitter = 0;
        foreach (var relative in (double[])[0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4])
        {
            using var scope = NewDisposeScope();
            jitter = relative * meanDiagonal;
            // As few of these matrices at once as can be: they are the largest things that a training holds.
            var precision = sum.clone();
            using var diagonal = ((Prior * noise) + jitter).ToScalar();
            precision.diagonal().add_(diagonal, HeldScalars.One);
            if (BlockedCholesky.ScaledInverse(precision, Math.Sqrt((_ridge * noise) + jitter), _throwIfCancelled) is { } inverse)
                return scope.MoveToOuter(inverse);
        }
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"The posterior precision (mean diagonal {meanDiagonal}) cannot be factored, even with {jitter} added to its diagonal. Raise "
            + $"{nameof(PosteriorOptions.RidgePenalty)}, which is {_ridge}, or scale the features."));
    }
}
