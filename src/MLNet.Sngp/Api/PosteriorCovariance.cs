namespace MLNet.Sngp;

/// <summary>Whether the classes share one posterior covariance of their output weights.</summary>
public enum PosteriorCovariance
{
    /// <summary>One precision P = ridge·I + Σ mᵢφᵢφᵢᵀ for all classes; the variance is one number a row.</summary>
    Shared,

    /// <summary>
    /// A precision for each class, P_k = ridge·I + Σ pᵢₖ(1 − pᵢₖ)φᵢφᵢᵀ with p the softmax of the logits (equation 9 of the paper); the
    /// variance is a vector with an element for each class.
    /// </summary>
    PerClass,
}
