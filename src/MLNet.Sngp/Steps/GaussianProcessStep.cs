using MLNet.Sngp.Heads;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>
/// The Gaussian process layer in a training step. With t = h·W/√s + b: logits = a·cos(t)·β + c; with the decay w of the
/// penalty w·Σβ², ∂β = a·cos(t)ᵀ∂l + 2w·β, ∂t = −a·sin(t)·(∂l·βᵀ), ∂h = ∂t·Wᵀ/√s.
/// </summary>
internal sealed class GaussianProcessStep : OutputStep
{
    private readonly GaussianProcessHead _head;
    private readonly Tensor? _phases;
    private readonly Tensor? _cosines;
    private readonly Tensor? _directionsTransposed;
    private readonly Tensor _outputs;
    private readonly Tensor _weight;
    private readonly Tensor _weightTransposed;
    private readonly Tensor _weightFlat;
    private readonly Tensor _weightGradient;
    private readonly Tensor? _weightDifference;
    private readonly NormalizationStep? _normalization;
    private Tensor? _basis;

    /// <param name="head">The layer.</param>
    /// <param name="parameters">Knows where βᵀ's gradient belongs, shape [P, M].</param>
    /// <param name="buffers">Gives the memory.</param>
    public GaussianProcessStep(GaussianProcessHead head, ParameterStore parameters, StepBuffers buffers)
    {
        _head = head;
        _outputs = buffers.Take(head.TransposedOutputWeight.shape[0]);
        _weight = head.OutputWeight;
        _weightTransposed = head.TransposedOutputWeight;
        _weightFlat = _weightTransposed.view(-1);
        _weightGradient = parameters.Gradient(head.TransposedOutputWeight);
        _normalization = head.Normalization is { } normalization ? new(normalization, parameters, buffers) : null;
        if (head.Map.IsLinear)
            return;
        var count = head.Map.NumberOfFeatures;
        _weightDifference = _outputs.shape[1] == 2 ? zeros(1, count, dtype: ScalarType.Float32, device: _outputs.device) : null;
        _phases = buffers.Take(count);
        _cosines = buffers.Take(count);
        _directionsTransposed = head.Map.ScaledWeight.t();
    }

    public override Tensor Features()
    {
        using var amplitude = _head.Map.Amplitude.ToScalar();
        return _basis!.mul(amplitude);
    }

    public override Tensor Forward(Tensor hidden)
    {
        _basis = _normalization?.Forward(hidden) ?? hidden;
        if (_cosines is not null)
        {
            _phases!.copy_(_head.Map.Phase).addmm_(_basis, _head.Map.ScaledWeight);
            _basis = _cosines.copy_(_phases).cos_();
        }
        _outputs.addmm_(_basis, _weight, beta: 0, alpha: (float)_head.Map.Amplitude);
        using var bias = _head.OutputBias.ToScalar();
        return _head.OutputBias == 0 ? _outputs : _outputs.add_(bias, HeldScalars.One);
    }

    public override void Backward(Tensor outputGradient, Tensor hiddenGradient)
    {
        var amplitude = (float)_head.Map.Amplitude;
        _weightGradient.copy_(_weightTransposed)
            .addmm_(outputGradient.t(), _basis!, beta: (float)(2 * _head.OutputWeightDecay), alpha: amplitude);
        var inputGradient = _normalization?.OutputGradient ?? hiddenGradient;
        if (_cosines is null)
        {
            inputGradient.addmm_(outputGradient, _weightTransposed, beta: 0, alpha: amplitude);
        }
        else
        {
            var phaseGradient = FeatureGradient(_cosines, outputGradient, -amplitude).mul_(_phases!.sin_());
            inputGradient.addmm_(phaseGradient, _directionsTransposed!, beta: 0);
        }
        _normalization?.Backward(hiddenGradient);
    }

    /// <summary>amplitude·∂l·βᵀ.</summary>
    private Tensor FeatureGradient(Tensor result, Tensor outputGradient, float amplitude)
    {
        if (_weightDifference is null)
            return result.addmm_(outputGradient, _weightTransposed, beta: 0, alpha: amplitude);
        // The gradients of two logits are opposite, and MKL takes ten times as long for the product of two columns as for one's.
        _weightDifference.copy_(_weightTransposed.narrow(0, 1, 1)).sub_(_weightTransposed.narrow(0, 0, 1));
        return result.addmm_(outputGradient.narrow(1, 1, 1), _weightDifference, beta: 0, alpha: amplitude);
    }

    public override double Penalty() => _head.OutputWeightDecay == 0 ? 0 : _head.OutputWeightDecay * _weightFlat.dot(_weightFlat)
        .item<float>();
}
