using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>An output layer's part of a training step, forward and backward, in kept buffers.</summary>
internal abstract class OutputStep
{
    /// <summary>The outputs, shape [B, P]; valid until the next call.</summary>
    /// <param name="hidden">Shape [B, H]; must stay as it is until <see cref="Backward"/>.</param>
    public abstract Tensor Forward(Tensor hidden);

    /// <summary>Sets the gradients of the layer's parameters.</summary>
    /// <param name="outputGradient">The loss's gradient by the outputs, shape [B, P].</param>
    /// <param name="hiddenGradient">Is set to that by the hidden vectors, shape [B, H].</param>
    public abstract void Backward(Tensor outputGradient, Tensor hiddenGradient);

    /// <summary>φ of the batch, shape [B, M], to be read between the forward and the backward pass; null where there is none.</summary>
    public virtual Tensor? Features() => null;

    /// <summary>What the loss holds besides the rows' own; <see cref="Backward"/> has its gradient in it.</summary>
    public virtual double Penalty() => 0;
}
