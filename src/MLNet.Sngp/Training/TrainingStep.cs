using MLNet.Sngp.Steps;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Computes the loss of a batch and the gradients of all parameters.</summary>
/// <remarks>Tensors that outlive a step belong to the dispose scope in which it was made. Not thread-safe.</remarks>
internal abstract class TrainingStep
{
    /// <summary>A step for the network: one with gradients written out where there is one, automatic differentiation otherwise.</summary>
    /// <param name="network">What to train.</param>
    /// <param name="capacity">The largest number of rows in a batch.</param>
    public static TrainingStep Create(Network network, int capacity) => (TrainingStep?)ResidualMlpStep.TryCreate(network, capacity)
        ?? new AutogradStep(network);

    /// <summary>Sets all gradients of the network's parameters; gives the loss with its penalty: Σ wᵢ·lossᵢ/B, in nats.</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="labels">Shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public abstract double Run(Tensor features, Tensor labels, Tensor? weights);
}
