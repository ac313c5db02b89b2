using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// Layer normalisation in a training step. With y = g·x + c, x = (h − mean)/δ and δ = √(var + ε): ∂g = Σ∂y·x, ∂c = Σ∂y and,
/// for ∂x = ∂y·g, ∂h = (∂x − mean(∂x) − x·mean(∂x·x))/δ, means over the units of a row.
/// </summary>
internal sealed class LayerNormalizationStep
{
    private readonly LayerNormalization _layer;
    private readonly Tensor _gainGradient;
    private readonly Tensor _biasGradient;
    private readonly Tensor _standardised;
    private readonly Tensor _output;
    private readonly Tensor _deviation;

    /// <param name="layer">The layer.</param>
    /// <param name="gainGradient">Where g's gradient belongs, shape [H].</param>
    /// <param name="biasGradient">Where c's gradient belongs, shape [H].</param>
    /// <param name="buffers">Gives the memory.</param>
    public LayerNormalizationStep(LayerNormalization layer, Tensor gainGradient, Tensor biasGradient, StepBuffers buffers)
    {
        _layer = layer;
        _gainGradient = gainGradient;
        _biasGradient = biasGradient;
        _standardised = buffers.Take(layer.Gain.shape[0]);
        _output = buffers.Take(layer.Gain.shape[0]);
        _deviation = buffers.Take(1);
    }

    /// <summary>Shape [B, H] to shape [B, H]; valid until the next call.</summary>
    public Tensor Forward(Tensor hidden)
    {
        _standardised.copy_(hidden).sub_(hidden.mean([1], keepdim: true));
        _deviation.copy_(_standardised.pow(HeldScalars.Two).mean([1], keepdim: true)).add_(LayerNormalization.HeldEpsilon, HeldScalars.One).sqrt_();
        _standardised.div_(_deviation);
        return _output.copy_(_standardised).mul_(_layer.Gain).add_(_layer.Bias, HeldScalars.One);
    }

    /// <summary>Sets the layer's gradients.</summary>
    /// <param name="gradient">That of the output, shape [B, H]; becomes that of the input.</param>
    public void Backward(Tensor gradient)
    {
        _gainGradient.copy_(gradient.mul(_standardised).sum([0L]));
        _biasGradient.copy_(gradient.sum([0L]));
        gradient.mul_(_layer.Gain);
        var along = gradient.mul(_standardised).mean([1], keepdim: true);
        gradient.sub_(gradient.mean([1], keepdim: true)).addcmul_(_standardised, along, HeldScalars.MinusOne).div_(_deviation);
    }
}
