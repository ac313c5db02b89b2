using Microsoft.ML.Runtime;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>
/// Trains a network for classes that are keys: by default a Spectral-normalized Neural Gaussian Process, whose uncertainty grows with the
/// distance from its training data.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a key (<see cref="uint"/>), the features are a vector of
/// <see cref="float"/> of known size. The transformer adds:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Key&lt;UInt32, K&gt; with the label's key values: the most probable class; missing
/// where a feature is not a finite number.</description></item>
/// <item><term><c>Score</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: probabilities, after the mean-field
/// adjustment where there is a Gaussian process; the mean over members or passes where there are several.</description></item>
/// <item><term><c>Variance</c></term><description>With a Gaussian process. Single, at least 0: posterior variance of the logits, in logit²;
/// the mean over members or passes. Under covariance per class, Vector&lt;Single, K&gt;.</description></item>
/// <item><term><c>EnsembleVariance</c></term><description>With several members or passes. Single in [0, ¼]: the variance of their
/// probabilities, Σₘ(pₘ − mean)² / M for each class, averaged over the classes.</description></item>
/// <item><term><c>Logits</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: before the adjustment; the mean over
/// members or passes.</description></item>
/// <item><term><c>Uncertainty</c></term><description>Single in [0, 1]: entropy of <c>Score</c> divided by log K.</description></item>
/// </list>
/// <para><b>Characteristics.</b></para>
/// <list type="table">
/// <item><term>Task</term><description>Multiclass classification with uncertainty</description></item>
/// <item><term>Needs normalised features</term><description>Yes; centred too: <c>NormalizeMeanVariance(fixZero:
/// false)</c></description></item>
/// <item><term>Needs caching</term><description>No; the table is read once into memory, or streamed
/// (<see cref="TrainingOptions.MaximumRowsInMemory"/>)</description></item>
/// <item><term>Needed packages besides this one</term><description>TorchSharp-cpu or TorchSharp-cuda, for training
/// only</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// <para><b>Algorithm.</b> A residual network with spectral normalisation keeps distances; a random-feature Gaussian process layer turns
/// them into logits and, by a Laplace posterior gathered in one pass after training (by default), into a variance. Liu et al., "Simple and
/// Principled Uncertainty Estimation with Deterministic Deep Learning via Distance Awareness", arXiv 2006.10108. Other methods are presets
/// of <see cref="SngpOptions"/>.</para>
/// </remarks>
/// <seealso cref="Microsoft.ML.SngpTrainersCatalogExtensions"/>
public sealed class SngpMulticlassTrainer : SngpTrainer
{
    internal SngpMulticlassTrainer(IHostEnvironment environment, SngpOptions options)
        : base(environment, options, Categorical.Instance)
    {
    }
}
