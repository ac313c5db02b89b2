using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>The mean of a batch's weighted cross-entropies, −Σwᵢ·log softmax(lᵢ)[yᵢ]/B, and its gradient w·(softmax(l) − y)/B.</summary>
internal sealed class CrossEntropyStep
{
    private readonly Tensor _minusOnes;

    /// <param name="rows">B.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="buffers">Gives the memory.</param>
    public CrossEntropyStep(int rows, int numberOfClasses, StepBuffers buffers)
    {
        Gradient = buffers.Take(numberOfClasses);
        _minusOnes = full((long)rows, 1, HeldScalars.MinusOne, dtype: ScalarType.Float32, device: Gradient.device);
    }

    /// <summary>By the logits, shape [B, K]; of the last call of <see cref="Loss"/>.</summary>
    public Tensor Gradient { get; }

    /// <param name="logits">Shape [B, K].</param>
    /// <param name="labels">Classes from 0, shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public double Loss(Tensor logits, Tensor labels, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        var logarithms = logits.log_softmax(1);
        var classes = labels.unsqueeze(1);
        var ofLabels = logarithms.gather(1, classes);
        using var share = (1.0 / logits.shape[0]).ToScalar();
        Gradient.copy_(logarithms).exp_().scatter_add_(1, classes, _minusOnes).mul_(share);
        if (weights is not null)
        {
            var perRow = weights.unsqueeze(1);
            Gradient.mul_(perRow);
            ofLabels.mul_(perRow);
        }
        return -ofLabels.mean().item<float>();
    }
}
