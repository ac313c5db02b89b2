using Microsoft.ML.Runtime;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>
/// Trains a network for true and false: by default a Spectral-normalized Neural Gaussian Process, whose uncertainty grows with the distance
/// from its training data.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a <see cref="bool"/>, the features are a vector of
/// <see cref="float"/> of known size. The transformer adds:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Boolean: whether <c>Score</c> is above 0. False where a feature is not a finite
/// number, because ML.NET has no missing Boolean.</description></item>
/// <item><term><c>Probability</c></term><description>Single in [0, 1]: the probability of true, after the mean-field
/// adjustment.</description></item>
/// <item><term><c>Score</c></term><description>Single: the logit of <c>Probability</c>, log(p/(1 − p)), computed without rounding p; also
/// after the adjustment.</description></item>
/// <item><term><c>Variance</c></term><description>With a Gaussian process. Single, at least 0: posterior variance of the logits, in logit²;
/// the mean over members or passes.</description></item>
/// <item><term><c>EnsembleVariance</c></term><description>With several members or passes. Single in [0, ¼]: the variance of their
/// probabilities.</description></item>
/// <item><term><c>Uncertainty</c></term><description>Single in [0, 1]: entropy of (1 − p, p) divided by log 2.</description></item>
/// </list>
/// <para>Where a feature is not a finite number, all columns but <c>PredictedLabel</c> are not a number either.</para>
/// <para><b>Characteristics.</b></para>
/// <list type="table">
/// <item><term>Task</term><description>Binary classification with uncertainty; <c>BinaryClassification.Evaluate</c> takes the columns as
/// they are</description></item>
/// <item><term>Needs normalised features</term><description>Yes; centred too: <c>NormalizeMeanVariance(fixZero:
/// false)</c></description></item>
/// <item><term>Needs caching</term><description>No; the table is read once into memory, or streamed
/// (<see cref="TrainingOptions.MaximumRowsInMemory"/>)</description></item>
/// <item><term>Needed packages besides this one</term><description>TorchSharp-cpu or TorchSharp-cuda, for training
/// only</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// <para><b>Algorithm.</b> That of <see cref="SngpMulticlassTrainer"/> with two classes, false and true, and the same options.
/// Two classes have the same covariance, so <c>Variance</c> is one number under <see cref="PosteriorCovariance.PerClass"/> too.</para>
/// </remarks>
/// <seealso cref="Microsoft.ML.SngpTrainersCatalogExtensions"/>
public sealed class SngpBinaryTrainer : SngpTrainer
{
    internal SngpBinaryTrainer(IHostEnvironment environment, SngpOptions options)
        : base(environment, options, Bernoulli.Instance)
    {
    }
}
