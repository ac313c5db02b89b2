using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Steps;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>
/// What a network's outputs say about a label: which labels there are, their loss, how much a row tells the posterior, and the columns that
/// a model gives. Immutable.
/// </summary>
internal abstract class Likelihood
{
    public abstract LabelReader Labels { get; }

    /// <summary>Whether the first output is f of a label's z with Gaussian noise, whose variance is to be estimated once a network is
    /// trained.</summary>
    public virtual bool HasNoise => false;

    /// <summary>The noise of rows by their mean loss, where no posterior tells it.</summary>
    public virtual double NoiseOf(double meanLoss) => throw new NotSupportedException();

    /// <summary>What the noise is multiplied by to have the label's squared units.</summary>
    public virtual double NoiseUnit => 1;

    /// <summary>What σ² is multiplied by to be the column <c>Variance</c>.</summary>
    public virtual double VarianceUnit(PosteriorOptions options) => 1;

    /// <summary>z of labels, shape [B], where <see cref="HasNoise"/> is true.</summary>
    public virtual Tensor Target(Tensor labels) => throw new NotSupportedException();

    /// <summary>The likelihood for the rows that are trained on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="labelColumnName">Where their labels come from.</param>
    /// <param name="throwIfCancelled">Is called again and again.</param>
    /// <exception cref="InvalidOperationException">Nothing can be learned from their labels.</exception>
    public virtual Likelihood Adapt(RowSource rows, string labelColumnName, Action throwIfCancelled) => this;

    /// <summary>P, the number of outputs that the network has.</summary>
    /// <param name="numberOfClasses">K; 0 where labels are no classes.</param>
    public abstract int CountOutputs(int numberOfClasses);

    /// <summary>−log p(y) of each row, shape [B], in nats.</summary>
    /// <param name="outputs">Shape [B, P].</param>
    /// <param name="labels">Shape [B], in single precision; classes count from 0.</param>
    public abstract Tensor Loss(Tensor outputs, Tensor labels);

    /// <summary>Whether the loss has its gradient written out.</summary>
    public virtual bool HasLossStep => false;

    /// <summary>The loss and its gradient, for batches of so many rows, where <see cref="HasLossStep"/> is true.</summary>
    public virtual LossStep CreateLossStep(int rows, int outputs, StepBuffers buffers) => throw new NotSupportedException();

    /// <summary>C, the number of precisions that the posterior has.</summary>
    public virtual int CountPrecisions(PosteriorOptions options, int numberOfOutputs) => 1;

    /// <summary>The second derivative of <see cref="Loss"/> by the outputs: a row's weight in each precision, shape [B, C], in double
    /// precision; null where all are 1.</summary>
    public virtual Tensor? Curvature(PosteriorOptions options, Tensor outputs) => null;

    /// <summary>Why this likelihood makes no use of an option; null where it makes use of it.</summary>
    public virtual string? WhyIgnored(OptionReader.Option option) =>
        option.Path is nameof(SngpOptions.Confidence) or nameof(SngpOptions.HeteroscedasticNoise) ? "in a classifier" : null;

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
