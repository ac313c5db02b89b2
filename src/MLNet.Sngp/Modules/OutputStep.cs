using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>An output layer's part of a training step, forward and backward, in kept buffers.</summary>
internal abstract class OutputStep
{
    /// <summary>The logits, shape [B, K]; valid until the next call.</summary>
    /// <param name="hidden">Shape [B, H]; must stay as it is until <see cref="Backward"/>.</param>
    public abstract Tensor Forward(Tensor hidden);

    /// <summary>Sets the gradients of the layer's parameters.</summary>
    /// <param name="logitGradient">The loss's gradient by the logits, shape [B, K].</param>
    /// <param name="hiddenGradient">Is set to that by the hidden vectors, shape [B, H].</param>
    public abstract void Backward(Tensor logitGradient, Tensor hiddenGradient);

    /// <summary>What the loss holds besides the cross-entropy; <see cref="Backward"/> has its gradient in it.</summary>
    public virtual double Penalty() => 0;
}
