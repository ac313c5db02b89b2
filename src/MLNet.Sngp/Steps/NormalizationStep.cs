using MLNet.Sngp.Heads;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>
/// <see cref="HiddenNormalization"/> in a training step. With x = (h − mean h)/s, s = √(var h + ε), u = g·x + c and
/// ℓ = f·log q, q = mean h² + ε: ∂g = Σ ∂u·x, ∂c = Σ ∂u,
/// ∂h = (g∂u − mean(g∂u) − x·mean(g∂u·x))/s + 2f/(H·q)·∂ℓ·h.
/// </summary>
internal sealed class NormalizationStep
{
    private static readonly Scalar Epsilon = HiddenNormalization.Epsilon.ToScalar();

    private readonly HiddenNormalization _module;
    private readonly Tensor _standardized;
    private readonly Tensor _scaled;
    private readonly Tensor _output;
    private readonly Tensor _direction;
    private readonly Tensor _gainGradient;
    private readonly Tensor _biasGradient;
    private Tensor? _hidden;
    private Tensor? _inverse;
    private Tensor? _square;

    /// <param name="module">The layer.</param>
    /// <param name="parameters">Knows where the gradients belong.</param>
    /// <param name="buffers">Gives the memory.</param>
    public NormalizationStep(HiddenNormalization module, ParameterStore parameters, StepBuffers buffers)
    {
        _module = module;
        var units = module.Layer.normalized_shape[0];
        (_standardized, _scaled) = (buffers.Take(units), buffers.Take(units));
        _output = buffers.Take(units + (module.HasLength ? 1 : 0));
        _direction = _output.narrow(1, 0, units);
        OutputGradient = buffers.Take(_output.shape[1]);
        _gainGradient = parameters.Gradient(module.Layer.weight!);
        _biasGradient = parameters.Gradient(module.Layer.bias!);
    }

    /// <summary>To be set to the loss's gradient by what <see cref="Forward"/> gave, before <see cref="Backward"/>.</summary>
    public Tensor OutputGradient { get; }

    /// <summary>What the random features take, shape [B, H] or [B, H + 1]; valid until the next call.</summary>
    /// <param name="hidden">Shape [B, H]; must stay as it is until <see cref="Backward"/>.</param>
    public Tensor Forward(Tensor hidden)
    {
        _hidden = hidden;
        var mean = hidden.mean([1], true);
        _standardized.copy_(hidden).sub_(mean);
        var variance = _scaled.copy_(_standardized).mul_(_standardized).mean([1], true);
        _inverse = variance.add(Epsilon, HeldScalars.One).rsqrt_();
        _standardized.mul_(_inverse);
        _direction.copy_(_standardized).mul_(_module.Layer.weight!).add_(_module.Layer.bias!, HeldScalars.One);
        if (_module.HasLength)
        {
            using var factor = _module.LengthFactor.ToScalar();
            _square = variance.addcmul_(mean, mean, HeldScalars.One).add_(Epsilon, HeldScalars.One);
            _output.narrow(1, _direction.shape[1], 1).copy_(_square.log().mul_(factor));
        }
        return _output;
    }

    /// <summary>Sets the gradients of gain and bias.</summary>
    /// <param name="hiddenGradient">Is set to that by the hidden vectors, shape [B, H].</param>
    public void Backward(Tensor hiddenGradient)
    {
        var direction = OutputGradient.narrow(1, 0, _direction.shape[1]);
        _scaled.copy_(direction).mul_(_standardized);
        _gainGradient.copy_(_scaled.sum([0L]));
        _biasGradient.copy_(direction.sum([0L]));
        // What the gain does to the mean over x is in the product already.
        _scaled.mul_(_module.Layer.weight!);
        hiddenGradient.copy_(direction).mul_(_module.Layer.weight!);
        var mean = hiddenGradient.mean([1], true);
        var along = _scaled.mean([1], true);
        hiddenGradient.sub_(mean).sub_(_standardized.mul_(along)).mul_(_inverse!);
        if (!_module.HasLength)
            return;
        using var factor = (2 * _module.LengthFactor / _direction.shape[1]).ToScalar();
        var length = OutputGradient.narrow(1, _direction.shape[1], 1).div(_square!).mul_(factor);
        hiddenGradient.addcmul_(_hidden!, length, HeldScalars.One);
    }
}
