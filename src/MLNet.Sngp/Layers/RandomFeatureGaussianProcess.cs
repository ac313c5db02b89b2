using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>
/// An output layer that is a Gaussian process, approximated by random features: logits = φ(h)·β with φ(h) = a·cos(h·W/√s + b), and, in
/// evaluation mode, the variance of the logits, which grows with the distance from the training data.
/// </summary>
/// <remarks>
/// <para>Rahimi and Recht 2007; Liu et al. 2020 (arXiv 2006.10108), equation 6. W ~ N(0, 1) and b ~ U[0, 2π) are frozen, β is trained, a =
/// √(2/M) or 1. The kernel that the features approximate is exp(−|h − h′|²/(2s)). In place of edward2's and tensorflow/models' layer of the
/// same name, whose covariance of a whole batch is
/// <see cref="LaplaceCovariance.Covariance"/> here.</para>
/// <para>In training mode each forward pass adds its rows to <see cref="Covariance"/>: call <see cref="ResetCovariance"/> at the start of
/// each epoch, so that in the end the last epoch's rows count once, or give a momentum. Not thread-safe.</para>
/// </remarks>
/// <example><code>
/// var output = new RandomFeatureGaussianProcess(128, 2);
/// var (logits, variance) = output.call(hidden);   // variance is null in training mode
/// </code></example>
public sealed class RandomFeatureGaussianProcess : nn.Module<Tensor, (Tensor Logits, Tensor? Variance)>
{
    [ComponentName(Name = "features")]
    private readonly RandomFeatureMap _features;

    [ComponentName(Name = "beta")]
    private readonly Parameter _beta;

    [ComponentName(Name = "normalization")]
    private readonly LayerNorm? _normalization;

    [ComponentName(Name = "covariance")]
    private readonly LaplaceCovariance _covariance;

    /// <summary>Draws the random features.</summary>
    /// <param name="inFeatures">H, the width of the hidden vectors.</param>
    /// <param name="outFeatures">K, the number of logits.</param>
    /// <param name="numberOfRandomFeatures">M; the reference's <c>num_inducing</c>.</param>
    /// <param name="kernelScale">s, in squared units of the hidden vectors, above 0. 1 fits the tutorial's two moons; see
    /// <c>KernelScale</c> of the trainers for others.</param>
    /// <param name="normalizeInput">Whether the hidden vectors pass layer normalisation before.</param>
    /// <param name="scaleRandomFeatures">Whether a is √(2/M) instead of 1.</param>
    /// <param name="ridgePenalty">The prior precision of β, above 0.</param>
    /// <param name="covarianceMomentum">Null for the exact covariance (the reference's −1), or the momentum, from 0 to 1.</param>
    /// <param name="likelihood">How much each row tells the covariance.</param>
    /// <param name="seed">Fixes W, b and the initial β. No global generator is used.</param>
    /// <param name="device">Where the layer is made; null for the CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public RandomFeatureGaussianProcess(
        long inFeatures,
        long outFeatures,
        long numberOfRandomFeatures = 1024,
        double kernelScale = 1,
        bool normalizeInput = false,
        bool scaleRandomFeatures = true,
        double ridgePenalty = 1,
        double? covarianceMomentum = null,
        GaussianProcessLikelihood likelihood = GaussianProcessLikelihood.Gaussian,
        int seed = 0,
        Device? device = null)
        : base(nameof(RandomFeatureGaussianProcess))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numberOfRandomFeatures);
        if (!(kernelScale > 0 && double.IsFinite(kernelScale)))
            throw new ArgumentOutOfRangeException(nameof(kernelScale), kernelScale, "The kernel scale must be above 0.");
        var place = device ?? CPU;
        KernelScale = kernelScale;
        var options = new GaussianProcessOptions { NumberOfRandomFeatures = checked((int)numberOfRandomFeatures), ScaleRandomFeatures =
            scaleRandomFeatures };
        _features = new RandomFeatureMap(inFeatures, options, kernelScale, seed, place);
        using (var scope = NewDisposeScope())
        {
            _beta = nn.Parameter(
                Initial.GlorotUniform(new SeededRandom(seed, RandomPurpose.NetworkWeights), numberOfRandomFeatures, outFeatures, place));
            scope.MoveToOuter(_beta);
        }
        _normalization = normalizeInput ? nn.LayerNorm(inFeatures, eps: 1e-12, device: place, dtype: ScalarType.Float32) : null;
        _covariance = new LaplaceCovariance(numberOfRandomFeatures, ridgePenalty, covarianceMomentum, likelihood, place);
        RegisterComponents();
    }

    /// <summary>s.</summary>
    public double KernelScale { get; }

    /// <summary>β, shape [M, K]. The reference penalises its square, 1e-6·Σβ², in the loss.</summary>
    public Parameter Beta => _beta;

    /// <summary>The posterior of β.</summary>
    public LaplaceCovariance Covariance => _covariance;

    /// <summary>Forgets all rows that the covariance has seen; to be called at the start of each epoch.</summary>
    public void ResetCovariance() => _covariance.Reset();

    /// <summary>φ, shape [B, M].</summary>
    /// <param name="hidden">Shape [B, H].</param>
    public Tensor Features(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(_features.call(_normalization is null ? hidden : _normalization.call(hidden)));
    }

    /// <summary>The logits, shape [B, K], and in evaluation mode their variance, shape [B], in logit²; null in training mode.</summary>
    /// <param name="input">The last hidden vectors, shape [B, H].</param>
    public override (Tensor Logits, Tensor? Variance) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = Features(input);
        var logits = features.mm(_beta);
        if (training)
        {
            _covariance.Update(features, logits);
            return (scope.MoveToOuter(logits), null);
        }
        return (scope.MoveToOuter(logits), scope.MoveToOuter(_covariance.Variance(features)));
    }
}
