using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>A dense output layer in a training step: logits = h·V + c; ∂V = hᵀ∂l, ∂c = Σ∂l, ∂h = ∂l·Vᵀ.</summary>
internal sealed class DenseStep : OutputStep
{
    private readonly DenseNetwork _network;
    private readonly Tensor _logits;
    private readonly Tensor _weight;
    private readonly Tensor _weightTransposed;
    private readonly Tensor _weightGradient;
    private readonly Tensor _biasGradient;
    private Tensor? _hidden;

    /// <param name="network">Holds V, shape [H, K], and c, shape [K].</param>
    /// <param name="weightGradient">Where Vᵀ's gradient belongs, shape [K, H].</param>
    /// <param name="biasGradient">Where c's gradient belongs.</param>
    /// <param name="buffers">Gives the memory.</param>
    public DenseStep(DenseNetwork network, Tensor weightGradient, Tensor biasGradient, StepBuffers buffers)
    {
        _network = network;
        _weight = network.OutputWeight;
        _weightTransposed = _weight.t();
        _weightGradient = weightGradient;
        _biasGradient = biasGradient;
        _logits = buffers.Take(network.OutputBias.shape[0]);
    }

    public override Tensor Forward(Tensor hidden)
    {
        _hidden = hidden;
        return _logits.copy_(_network.OutputBias).addmm_(hidden, _weight);
    }

    public override void Backward(Tensor logitGradient, Tensor hiddenGradient)
    {
        _weightGradient.addmm_(logitGradient.t(), _hidden!, beta: 0);
        _biasGradient.copy_(logitGradient.sum([0L]));
        hiddenGradient.addmm_(logitGradient, _weightTransposed, beta: 0);
    }
}
