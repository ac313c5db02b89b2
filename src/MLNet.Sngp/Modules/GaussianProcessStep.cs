using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// The Gaussian process layer in a training step. With t = h·W/√s + b: logits = a·cos(t)·β + c; with the decay w of the
/// penalty w·Σβ², ∂β = a·cos(t)ᵀ∂l + 2w·β, ∂t = −a·sin(t)·(∂l·βᵀ), ∂h = ∂t·Wᵀ/√s.
/// </summary>
internal sealed class GaussianProcessStep : OutputStep
{
    private readonly RandomFeatureGaussianProcess _process;
    private readonly double _decay;
    private readonly LayerNormalizationStep? _normalization;
    private readonly Tensor? _phases;
    private readonly Tensor? _cosines;
    private readonly Tensor _logits;
    private readonly Tensor _outputWeight;
    private readonly Tensor _outputWeightTransposed;
    private readonly Tensor _outputWeightFlat;
    private readonly Tensor _outputWeightGradient;
    private readonly Tensor? _outputDifference;
    private Tensor? _basis;

    /// <param name="process">The layer.</param>
    /// <param name="normalization">What the hidden vectors pass before; null for nothing.</param>
    /// <param name="decay">w, at least 0.</param>
    /// <param name="outputWeightGradient">Where βᵀ's gradient belongs, shape [K, M].</param>
    /// <param name="buffers">Gives the memory.</param>
    public GaussianProcessStep(RandomFeatureGaussianProcess process, LayerNormalizationStep? normalization, double decay, Tensor outputWeightGradient, StepBuffers buffers)
    {
        _process = process;
        _normalization = normalization;
        _decay = decay;
        _logits = buffers.Take(process.TransposedOutputWeight.shape[0]);
        _outputWeight = process.OutputWeight;
        _outputWeightTransposed = process.TransposedOutputWeight;
        _outputWeightFlat = _outputWeightTransposed.view(-1);
        _outputWeightGradient = outputWeightGradient;
        if (process.IsLinear)
            return;
        _outputDifference = _logits.shape[1] == 2 ? zeros(1, process.NumberOfFeatures, dtype: ScalarType.Float32, device: _logits.device) : null;
        _phases = buffers.Take(process.NumberOfFeatures);
        _cosines = buffers.Take(process.NumberOfFeatures);
    }

    /// <summary>φ of the batch, shape [B, M]; to be read between the forward and the backward pass.</summary>
    public Tensor Features()
    {
        using var amplitude = _process.Amplitude.ToScalar();
        return _basis!.mul(amplitude);
    }

    public override Tensor Forward(Tensor hidden)
    {
        _basis = _normalization is null ? hidden : _normalization.Forward(hidden);
        if (_cosines is not null)
        {
            _phases!.copy_(_process.Bias).addmm_(_basis, _process.ScaledWeight);
            _basis = _cosines.copy_(_phases).cos_();
        }
        _logits.addmm_(_basis, _outputWeight, beta: 0, alpha: (float)_process.Amplitude);
        using var bias = _process.OutputBias.ToScalar();
        return _process.OutputBias == 0 ? _logits : _logits.add_(bias, HeldScalars.One);
    }

    public override void Backward(Tensor logitGradient, Tensor hiddenGradient)
    {
        var amplitude = (float)_process.Amplitude;
        _outputWeightGradient.copy_(_outputWeightTransposed).addmm_(logitGradient.t(), _basis!, beta: (float)(2 * _decay), alpha: amplitude);
        if (_cosines is null)
        {
            hiddenGradient.addmm_(logitGradient, _outputWeightTransposed, beta: 0, alpha: amplitude);
        }
        else
        {
            var phaseGradient = FeatureGradient(_cosines, logitGradient, -amplitude).mul_(_phases!.sin_());
            hiddenGradient.addmm_(phaseGradient, _process.ScaledWeight.t(), beta: 0);
        }
        _normalization?.Backward(hiddenGradient);
    }

    /// <summary>amplitude·∂l·βᵀ.</summary>
    private Tensor FeatureGradient(Tensor result, Tensor logitGradient, float amplitude)
    {
        if (_outputDifference is null)
            return result.addmm_(logitGradient, _outputWeightTransposed, beta: 0, alpha: amplitude);
        // The gradients of two logits are opposite, and MKL takes ten times as long for the product of two columns as for one's.
        _outputDifference.copy_(_outputWeightTransposed.narrow(0, 1, 1)).sub_(_outputWeightTransposed.narrow(0, 0, 1));
        return result.addmm_(logitGradient.narrow(1, 1, 1), _outputDifference, beta: 0, alpha: amplitude);
    }

    public override double Penalty() => _decay == 0 ? 0 : _decay * _outputWeightFlat.dot(_outputWeightFlat).item<float>();
}
