using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>The mean of a batch's weighted squared errors, Σwᵢ(fᵢ − zᵢ)²/2B, and its gradient w·(f − z)/B.</summary>
internal sealed class SquaredErrorStep : LossStep
{
    private readonly Func<Tensor, Tensor> _target;

    /// <param name="buffers">Gives the memory.</param>
    /// <param name="target">Makes z of labels, shape [B].</param>
    public SquaredErrorStep(StepBuffers buffers, Func<Tensor, Tensor> target)
    {
        Gradient = buffers.Take(1);
        _target = target;
    }

    public override Tensor Gradient { get; }

    public override double Loss(Tensor outputs, Tensor labels, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        var errors = outputs.sub(_target(labels).unsqueeze(1));
        Gradient.copy_(errors);
        if (weights is not null)
            Gradient.mul_(weights.unsqueeze(1));
        var loss = errors.mul(Gradient).mean().item<float>() / 2.0;
        using var share = (1.0 / outputs.shape[0]).ToScalar();
        Gradient.mul_(share);
        return loss;
    }
}
