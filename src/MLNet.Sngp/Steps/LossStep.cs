using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>A likelihood's part of a training step: the mean of a batch's weighted losses, and its gradient in a kept buffer.</summary>
internal abstract class LossStep
{
    /// <summary>By the outputs, shape [B, P]; of the last call of <see cref="Loss"/>.</summary>
    public abstract Tensor Gradient { get; }

    /// <summary>Σ wᵢ·lossᵢ/B.</summary>
    /// <param name="outputs">Shape [B, P].</param>
    /// <param name="labels">As <see cref="Likelihoods.Likelihood.Loss"/> takes them, shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public abstract double Loss(Tensor outputs, Tensor labels, Tensor? weights);
}
