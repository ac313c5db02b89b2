namespace MLNet.Sngp;

/// <summary>
/// How much each training row tells about the output weights: the weight mᵢ of its φφᵀ in the posterior precision, the
/// curvature of the negative log-likelihood at the row's logit.
/// </summary>
public enum GaussianProcessLikelihood
{
    /// <summary>mᵢ = 1: every row tells alike, for any number of classes.</summary>
    Gaussian,

    /// <summary>
    /// mᵢ = p(1 − p) with p = 1/(1 + exp(−l)), for two classes. The one logit of the two is l = l₁ − l₀, the second class's
    /// above the first's.
    /// </summary>
    BinaryLogistic,

    /// <summary>
    /// mᵢ = exp(l), for two classes, with l = l₁ − l₀ the logarithm of a rate. Logits are then multiplied by exp(λσ²/2) instead of
    /// divided, so that rows far from the training data become more extreme, not less: meant for reproducing the references.
    /// </summary>
    Poisson,
}
