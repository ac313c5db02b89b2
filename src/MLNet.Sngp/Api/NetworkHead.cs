namespace MLNet.Sngp;

/// <summary>The output layer of a network.</summary>
public enum NetworkHead
{
    /// <summary>A Gaussian process, approximated by random features: knows the variance of its logits.</summary>
    GaussianProcess,

    /// <summary>A dense layer with bias, logits = h·V + c: knows nothing of its uncertainty.</summary>
    Dense,
}
