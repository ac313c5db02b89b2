using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using static TorchSharp.torch;

namespace MLNet.Sngp.Heads;

/// <summary>The module of an output layer: hidden vectors, shape [B, H], to outputs, shape [B, P].</summary>
/// <remarks>What it holds is what it registers, as in a backbone. Not thread-safe.</remarks>
internal abstract class Head(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>φ, shape [B, M], on which the posterior rests; null where there is none.</summary>
    public virtual Tensor? Features(Tensor hidden) => null;

    /// <summary>The outputs, shape [B, P].</summary>
    /// <param name="hidden">The hidden vectors.</param>
    /// <param name="features">What <see cref="Features"/> gave for them.</param>
    public abstract Tensor Outputs(Tensor hidden, Tensor? features);

    public sealed override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Outputs(hidden, Features(hidden)));
    }

    /// <summary>What the loss holds besides the rows' own losses; null for nothing.</summary>
    public virtual Tensor? Penalty() => null;

    /// <summary>Numbers that the training chose, by the names that they have in checkpoints and in the model.</summary>
    public virtual IEnumerable<(string Name, double Value)> Choices => [];

    /// <summary>The limit on the length of a hidden vector up to which nothing after it overflows.</summary>
    public abstract double LargestHidden { get; }

    /// <summary>Adds the nodes of the output layer.</summary>
    /// <param name="graph">Where to add them.</param>
    /// <param name="hidden">The hidden vectors, shape [N, H].</param>
    /// <param name="variance">σ² as a function of φ; null where there is no posterior.</param>
    /// <returns>The values of the outputs, shape [N, P], and of their variance, shape [N, C], or null.</returns>
    public abstract (string Outputs, string? Variance) AddTo(OnnxGraphBuilder graph, string hidden, VarianceForm? variance);
}
