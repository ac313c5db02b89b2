using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>From logits and their posterior variance to logits whose softmax approximates E[softmax(logits + σε)].</summary>
/// <remarks>Lu, Ie, Sha, "Mean-Field Approximation to Gaussian-Softmax Integral" (arXiv 2006.07584).</remarks>
public static class MeanField
{
    /// <summary>logits / √(1 + λσ²).</summary>
    /// <param name="logits">Shape [B, K].</param>
    /// <param name="variance">σ², in logit²: shape [B] where all classes share it, or [B, K].</param>
    /// <param name="factor">λ, at least 0; π/8 is the tutorial's, 3/π² another usual one. 0 leaves the logits as they are.</param>
    /// <returns>Adjusted logits, shape [B, K]. Gradients flow.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 0 or not a number.</exception>
    public static Tensor Adjust(Tensor logits, Tensor variance, double factor = Math.PI / 8)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(variance);
        if (!(factor >= 0))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The mean-field factor must be 0 or more.");
        var isShared = variance.dim() == 1;
        if (logits.dim() != 2 || variance.shape[0] != logits.shape[0] || (!isShared && !variance.shape.SequenceEqual(logits.shape)))
        {
            throw new ArgumentException(
                $"The variance has the shape [{string.Join(", ", variance.shape)}] and the logits [{string.Join(", ", logits.shape)}]; "
                + "give [B] or [B, K] for logits of [B, K].", nameof(variance));
        }
        using var scope = NewDisposeScope();
        using var scale = factor.ToScalar();
        var divisor = variance.mul(scale).add(HeldScalars.One, HeldScalars.One).sqrt();
        return scope.MoveToOuter(logits.div(isShared ? divisor.unsqueeze(1) : divisor));
    }
}
