using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>A residual network with an output layer; what <c>TrainingLoop</c> trains.</summary>
/// <remarks>All tensors belong to the dispose scope in which the network was made. Not thread-safe.</remarks>
internal abstract class Network
{
    protected Network(NetworkShape shape, long[][] outputShapes, SeededRandom random, Device device)
    {
        Parameters = new ParameterStore(device, [.. ResidualNetwork.ParameterShapes(shape), .. outputShapes]);
        Residual = new ResidualNetwork(shape, Parameters, random);
    }

    /// <summary>Everything that the optimiser changes.</summary>
    public ParameterStore Parameters { get; }

    public ResidualNetwork Residual { get; }

    /// <summary>Prepares the weights for a training step.</summary>
    public virtual void BeforeStep()
    {
    }

    /// <summary>Is called in a training step when the logits are computed.</summary>
    /// <param name="output">The output layer's step.</param>
    /// <param name="logits">Shape [B, K].</param>
    /// <param name="weights">The example weights of the step's rows, shape [B], or null.</param>
    public virtual void AfterForward(OutputStep output, Tensor logits, Tensor? weights)
    {
    }

    /// <summary>Makes what computes loss and gradients for batches of a number of rows.</summary>
    /// <param name="rows">B.</param>
    /// <param name="buffers">Gives the memory.</param>
    public NetworkStep CreateStep(int rows, StepBuffers buffers)
    {
        buffers.Restart(rows);
        return new NetworkStep(rows, this, CreateOutputStep(buffers), buffers);
    }

    /// <summary>The logits of rows of features, shape [B, K].</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="masks">Dropout masks, shape [L, B, H]; null without dropout.</param>
    public abstract Tensor Logits(Tensor features, Tensor? masks);

    protected abstract OutputStep CreateOutputStep(StepBuffers buffers);

    /// <summary>Where the output layer's parameters begin in <see cref="Parameters"/>.</summary>
    protected int FirstOutputParameter => 2 * Residual.Shape.NumberOfHiddenLayers;

    /// <summary>Sets a weight to Glorot's uniform values.</summary>
    protected static void Initialize(Tensor weight, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        weight.copy_(Initial.GlorotUniform(random, weight.shape[0], weight.shape[1], weight.device));
    }
}
