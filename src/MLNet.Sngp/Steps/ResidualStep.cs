using MLNet.Sngp.Backbones;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>
/// The residual network's part of a training step, forward and backward, in kept buffers. With z = h·W + b and a mask m:
/// h′ = h + m·relu(z); ∂z = ∂h′·m·[z > 0], ∂W = hᵀ∂z, ∂b = Σ∂z, ∂h = ∂h′ + ∂z·Wᵀ.
/// </summary>
/// <remarks>The gradients are written out because automatic differentiation takes new memory for each value of each step.</remarks>
internal sealed class ResidualStep
{
    private readonly ResidualMlpModule _backbone;
    private readonly Tensor[] _hidden;
    private readonly Tensor[] _branches;
    private readonly Tensor[] _hiddenTransposed;
    private readonly Tensor[] _branchesTransposed;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _biases;
    private readonly Tensor[] _weightsTransposed;
    private readonly Tensor[] _weightGradients;
    private readonly Tensor[] _biasGradients;
    private readonly Tensor _ones;
    private readonly bool _drops;
    private readonly Tensor[] _masks;

    public ResidualStep(ResidualMlpModule backbone, ParameterStore parameters, StepBuffers buffers)
    {
        _backbone = backbone;
        var (layers, units) = (backbone.Dropouts.Length, backbone.NumberOfHiddenUnits);
        _hidden = Make(layers + 1, _ => buffers.Take(units));
        _branches = Make(layers, _ => buffers.Take(units));
        _hiddenTransposed = Make(layers, layer => _hidden[layer].t());
        _branchesTransposed = Make(layers, layer => _branches[layer].t());
        _weights = Make(layers, layer => backbone.Weights.select(0, layer));
        _biases = Make(layers, layer => backbone.Biases.select(0, layer));
        _weightsTransposed = Make(layers, layer => _weights[layer].t());
        _weightGradients = Make(layers, layer => parameters.Gradient(backbone.Weights).select(0, layer));
        _biasGradients = Make(layers, layer => parameters.Gradient(backbone.Biases).select(0, layer));
        _ones = ones(_hidden[0].shape[0], dtype: ScalarType.Float32, device: _hidden[0].device);
        _drops = !backbone.Dropouts[0].IsNone;
        _masks = new Tensor[layers];
    }

    /// <summary>The last hidden vectors, shape [B, H]; valid until the next call.</summary>
    /// <param name="features">Shape [B, d], or [B, H] when they are projected already.</param>
    public Tensor Forward(Tensor features)
    {
        if (_backbone.IsStarted)
            _hidden[0].copy_(features);
        else
            _hidden[0].copy_(_backbone.Shift).addmm_(features, _backbone.Projection);
        for (var layer = 0; layer < _branches.Length; layer++)
        {
            var branch = _branches[layer].copy_(_biases[layer]).addmm_(_hidden[layer], _weights[layer]).relu_();
            var next = _hidden[layer + 1].copy_(_hidden[layer]);
            if (_drops)
                next.addcmul_(branch, _masks[layer] = _backbone.Dropouts[layer].Next(branch.shape[0], branch.device), HeldScalars.One);
            else
                next.add_(branch, HeldScalars.One);
        }
        return _hidden[^1];
    }

    /// <summary>Sets the gradients of all weights and biases.</summary>
    /// <param name="gradient">That of the last hidden vectors, shape [B, H]; changed.</param>
    public void Backward(Tensor gradient)
    {
        for (var layer = _branches.Length - 1; layer >= 0; layer--)
        {
            var branch = _branches[layer].sign_();
            if (_drops)
                branch.mul_(_masks[layer]);
            branch.mul_(gradient);
            _weightGradients[layer].addmm_(_hiddenTransposed[layer], branch, beta: 0);
            _biasGradients[layer].addmv_(_branchesTransposed[layer], _ones, beta: 0);
            // Nothing below the first layer is trained.
            if (layer > 0)
                gradient.addmm_(branch, _weightsTransposed[layer]);
        }
    }

    private static Tensor[] Make(int count, Func<int, Tensor> make) => [.. Enumerable.Range(0, count).Select(make)];
}
