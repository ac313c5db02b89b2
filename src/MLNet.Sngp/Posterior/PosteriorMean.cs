using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>The posterior's mean of the output weights of a regression, and the noise that makes the training rows' labels most
/// probable.</summary>
/// <remarks>
/// With S = Σ wmφφᵀ, b = Σ wmφz and n = Σ w: β = (S + ρνI)⁻¹·b, and ν = Σ wm(z − φβ)²/(n − γ) with γ = tr(S·(S + ρνI)⁻¹), of how many
/// weights the rows tell, solved by repetition. MacKay 1992, "Bayesian Interpolation", equations 2.9 and 4.10: there the marginal
/// likelihood
/// has its maximum by ν. The tensors belong to the dispose scope in which the object was made.
/// </remarks>
internal sealed class PosteriorMean
{
    private const double FirstNoise = 0.5;
    private const double Precision = 1e-4;
    private const int MostRounds = 50;
    // Where ν is far too small, γ is above n.
    private const double SmallestShare = 0.1;
    private readonly Tensor _products;
    private double _squares;
    private double _weight;

    /// <param name="numberOfFeatures">M.</param>
    /// <param name="device">Where the rows are.</param>
    public PosteriorMean(long numberOfFeatures, Device device) =>
        _products = zeros(numberOfFeatures, 1, dtype: ScalarType.Float64, device: device);

    /// <summary>Goes on from sums that were kept.</summary>
    /// <param name="products">b, shape [M, 1], in double precision; it is taken over.</param>
    /// <param name="squares">Σ wmz².</param>
    /// <param name="weight">n.</param>
    public PosteriorMean(Tensor products, double squares, double weight) => (_products, _squares, _weight) = (products, squares, weight);

    /// <summary>b, shape [M, 1].</summary>
    public Tensor Products => _products;

    /// <summary>Σ wmz².</summary>
    public double Squares => _squares;

    /// <summary>n = Σ w.</summary>
    public double Weight => _weight;

    /// <summary>Adds rows.</summary>
    /// <param name="features">φ, shape [B, M].</param>
    /// <param name="targets">z, shape [B].</param>
    /// <param name="weights">Example weights w, shape [B], or null.</param>
    /// <param name="curvature">m, how many times each row counts besides, shape [B, 1], or null where all are 1.</param>
    public void Add(Tensor features, Tensor targets, Tensor? weights, Tensor? curvature = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var exact = targets.to(ScalarType.Float64).unsqueeze(1);
        var weighted = weights is null ? exact : exact.mul(weights.to(ScalarType.Float64).unsqueeze(1));
        if (curvature is not null)
            weighted = weighted.mul(curvature);
        _products.addmm_(features.detach().to(ScalarType.Float64).t(), weighted, beta: 1, alpha: 1);
        _squares += exact.mul(weighted).sum().item<double>();
        _weight += weights?.to(ScalarType.Float64).sum().item<double>() ?? targets.shape[0];
    }

    /// <summary>β, shape [M, 1], in double precision, and ν.</summary>
    /// <param name="posterior">Has gathered the same rows.</param>
    /// <param name="smallestNoise">The least ν, above 0: labels without noise have none.</param>
    /// <exception cref="InvalidOperationException">The precision cannot be factored.</exception>
    public (Tensor Weights, double Noise) Solve(LaplacePosterior posterior, double smallestNoise)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var sum = posterior.Sum[0];
        var (noise, weights) = (FirstNoise, (Tensor?)null);
        for (var round = 0; round < MostRounds; round++)
        {
            using var inner = NewDisposeScope();
            var root = posterior.InverseFactor(noise, out var prior);
            using var inverse = (1 / prior).ToScalar();
            weights?.Dispose();
            weights = inner.MoveToOuter(root.t().mm(root.mm(_products)).mul_(inverse));
            var fit = sum.mm(weights).mul(weights).sum().item<double>() - (2 * _products.mul(weights).sum().item<double>());
            var known = sum.shape[0] - root.pow(HeldScalars.Two).sum().item<double>();
            var next = Math.Max(Math.Max(_squares + fit, 0) / Math.Max(_weight - known, SmallestShare * _weight), smallestNoise);
            if (Math.Abs(next - noise) <= Precision * noise)
                break;
            noise = next;
        }
        return (scope.MoveToOuter(weights!), noise);
    }
}
