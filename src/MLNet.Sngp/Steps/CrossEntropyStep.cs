using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>The mean of a batch's weighted cross-entropies, −Σwᵢ·log softmax(lᵢ)[yᵢ]/B, and its gradient w·(softmax(l) − y)/B.</summary>
internal sealed class CrossEntropyStep : LossStep
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

    public override Tensor Gradient { get; }

    public override double Loss(Tensor logits, Tensor labels, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        var logarithms = logits.log_softmax(1);
        var classes = labels.to(ScalarType.Int64).unsqueeze(1);
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
