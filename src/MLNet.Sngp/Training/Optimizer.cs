using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Changes all parameters of a network at once by their gradients.</summary>
/// <remarks>Its tensors belong to the dispose scope in which it was made. Not thread-safe.</remarks>
internal abstract class Optimizer
{
    /// <summary>The number of steps taken.</summary>
    public long Step { get; set; }

    /// <summary>What it keeps from step to step, by name, laid out as the parameters.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> State { get; }

    /// <summary>The optimiser that the options name.</summary>
    public static Optimizer Create(ParameterStore parameters, TrainingOptions options) =>
        options.Optimizer == TrainingOptimizer.Adam
            ? new Adam(parameters, options.LearningRate)
            : new NesterovMomentum(parameters, options.LearningRate);

    /// <summary>Changes the parameters by their gradients.</summary>
    /// <param name="share">What share of the learning rate this step takes.</param>
    public abstract void Update(double share = 1);
}
