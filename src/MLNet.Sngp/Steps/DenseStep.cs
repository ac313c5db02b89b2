using MLNet.Sngp.Heads;
using MLNet.Sngp.Training;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>A dense output layer in a training step: outputs = h·V + c; ∂V = hᵀ∂o, ∂c = Σ∂o, ∂h = ∂o·Vᵀ.</summary>
internal sealed class DenseStep : OutputStep
{
    private readonly DenseHead _head;
    private readonly Tensor _outputs;
    private readonly Tensor _weight;
    private readonly Tensor _weightGradient;
    private readonly Tensor _biasGradient;
    private Tensor? _hidden;

    /// <param name="head">The layer.</param>
    /// <param name="parameters">Knows where the gradients belong.</param>
    /// <param name="buffers">Gives the memory.</param>
    public DenseStep(DenseHead head, ParameterStore parameters, StepBuffers buffers)
    {
        _head = head;
        _weight = head.Weight;
        _weightGradient = parameters.Gradient(head.TransposedWeight);
        _biasGradient = parameters.Gradient(head.Bias);
        _outputs = buffers.Take(head.Bias.shape[0]);
    }

    public override Tensor Forward(Tensor hidden)
    {
        _hidden = hidden;
        return _outputs.copy_(_head.Bias).addmm_(hidden, _weight);
    }

    public override void Backward(Tensor outputGradient, Tensor hiddenGradient)
    {
        _weightGradient.addmm_(outputGradient.t(), _hidden!, beta: 0);
        _biasGradient.copy_(outputGradient.sum([0L]));
        hiddenGradient.addmm_(outputGradient, _head.TransposedWeight, beta: 0);
    }
}
