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

    /// <summary>Is called when a training step has its gradients, before the weights change.</summary>
    /// <param name="weights">The example weights of the step's rows, shape [B], or null.</param>
    public virtual void AfterGradients(Tensor? weights)
    {
    }

    /// <summary>The logits of rows of features, shape [B, K].</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="masks">Dropout masks, shape [L, B, H]; null without dropout.</param>
    public abstract Tensor Logits(Tensor features, Tensor? masks);

    /// <summary>What the loss holds besides the cross-entropy; null for nothing.</summary>
    public virtual Tensor? Penalty() => null;

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
