using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>
/// The weight mᵢ of each row in the posterior precision: the second derivative of the row's negative log-likelihood by
/// its logit.
/// </summary>
/// <remarks>
/// Gaussian: 1. Binary logistic: p(1 − p), p the logistic function of l = l₁ − l₀. Poisson: exp(l). Per class: p_k(1 − p_k), p the
/// softmax (Liu et al. 2020, equation 9); with two classes that is the binary logistic weight.
/// </remarks>
internal static class Curvature
{
    /// <param name="likelihood">Of a shared covariance.</param>
    /// <param name="covariance">Whether the classes share it.</param>
    /// <param name="logits">Shape [B, K].</param>
    /// <returns>Shape [B, 1] for a shared covariance or [B, K], in double precision; null where all are 1.</returns>
    public static Tensor? Of(GaussianProcessLikelihood likelihood, PosteriorCovariance covariance, Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var exact = logits.detach().to(ScalarType.Float64);
        var weights = (covariance, likelihood) switch
        {
            (PosteriorCovariance.PerClass, _) => BernoulliVariance(exact.softmax(1)),
            (_, GaussianProcessLikelihood.BinaryLogistic) => LogisticVariance(Difference(exact)),
            (_, GaussianProcessLikelihood.Poisson) => Difference(exact).exp(),
            _ => null,
        };
        return weights is null ? null : scope.MoveToOuter(weights);
    }

    private static Tensor Difference(Tensor logits) => logits.narrow(1, 1, 1).sub(logits.narrow(1, 0, 1));

    private static Tensor BernoulliVariance(Tensor probabilities) => probabilities.sub(probabilities.pow(HeldScalars.Two));

    // σ(l)·σ(−l) keeps its digits where 1 − σ(l) has lost them.
    private static Tensor LogisticVariance(Tensor logit) => logit.sigmoid().mul(logit.neg().sigmoid());
}
