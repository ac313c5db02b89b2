using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>Loss and gradients for batches of one size, in memory that is kept. See <see cref="Network.CreateStep"/>.</summary>
/// <remarks>All tensors belong to the dispose scope in which the step was made. Not thread-safe.</remarks>
internal sealed class NetworkStep
{
    private readonly ResidualStep _residual;
    private readonly OutputStep _output;
    private readonly CrossEntropyStep _loss;
    private readonly Tensor _hiddenGradient;

    public NetworkStep(int rows, Network network, OutputStep output, StepBuffers buffers)
    {
        var shape = network.Residual.Shape;
        _output = output;
        _residual = new ResidualStep(network.Residual, network.Parameters, buffers);
        _loss = new CrossEntropyStep(rows, shape.NumberOfClasses, buffers);
        _hiddenGradient = buffers.Take(shape.NumberOfHiddenUnits);
    }

    /// <summary>Sets all gradients of the network's parameters; gives the loss with its penalty.</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="labels">Classes from 0, shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    /// <param name="masks">Dropout masks, one a layer, shape [B, H]; null without dropout.</param>
    /// <param name="afterForward">Is given the output layer's step and the logits when they are computed.</param>
    public double Run(Tensor features, Tensor labels, Tensor? weights, Tensor[]? masks, Action<OutputStep, Tensor>? afterForward)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = _output.Forward(_residual.Forward(features, masks));
        afterForward?.Invoke(_output, logits);
        var loss = _loss.Loss(logits, labels, weights) + _output.Penalty();
        _output.Backward(_loss.Gradient, _hiddenGradient);
        _residual.Backward(_hiddenGradient);
        return loss;
    }
}
