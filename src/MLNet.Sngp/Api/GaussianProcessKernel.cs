namespace MLNet.Sngp;

/// <summary>The kernel of the Gaussian process layer: how alike two rows are.</summary>
public enum GaussianProcessKernel
{
    /// <summary>exp(−d²/(2s)) of the distance d of two hidden vectors, by random features; s is the kernel scale.</summary>
    Gaussian,

    /// <summary>
    /// The inner product h·h′/s of two hidden vectors: the random features are the hidden vector itself. Its variance
    /// grows with the length of h, not with the distance from the training rows.
    /// </summary>
    Linear,
}
