using MLNet.Sngp.Layers;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>
/// What a network's outputs say about a label: which labels there are, their loss, how much a row tells the posterior, and the columns that
/// a model gives. Immutable.
/// </summary>
internal abstract class Likelihood
{
    public abstract LabelReader Labels { get; }

    /// <summary>P, the number of outputs that the network has.</summary>
    /// <param name="numberOfClasses">K; 0 where labels are no classes.</param>
    public abstract int CountOutputs(int numberOfClasses);

    /// <summary>−log p(y) of each row, shape [B], in nats.</summary>
    /// <param name="outputs">Shape [B, P].</param>
    /// <param name="labels">Shape [B], in single precision; classes count from 0.</param>
    public abstract Tensor Loss(Tensor outputs, Tensor labels);

    /// <summary>C, the number of precisions that the posterior has.</summary>
    public virtual int CountPrecisions(PosteriorOptions options, int numberOfOutputs) => 1;

    /// <summary>The second derivative of <see cref="Loss"/> by the outputs: a row's weight in each precision, shape [B, C], in double
    /// precision; null where all are 1.</summary>
    public virtual Tensor? Curvature(PosteriorOptions options, Tensor outputs) => null;

    /// <summary>A sentence for each option that this likelihood cannot follow, with the remedy.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="numberOfOutputs">P.</param>
    public virtual IEnumerable<string> Contradictions(SngpOptions options, int numberOfOutputs) => [];

    /// <summary>The columns of a model, in their order.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="numberOfOutputs">P.</param>
    public abstract IReadOnlyList<OutputColumn> Columns(SngpOptions options, int numberOfOutputs);

    /// <summary>Adds a value of each column's name to the graph, shape [N, width].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="predictions">What the networks give, whole or thinned ones; at least one.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="numberOfOutputs">P.</param>
    /// <param name="seed">Fixes what is drawn.</param>
    public abstract void AddColumns(OnnxGraphBuilder graph, Predictions predictions, SngpOptions options, int numberOfOutputs, int seed);
}
