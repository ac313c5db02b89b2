using Microsoft.ML.Runtime;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>
/// Trains a network for a number: by default a Spectral-normalized Neural Gaussian Process, whose mean has a variance that grows with the
/// distance from its training data, beside the noise that it learns.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a <see cref="float"/> or a <see cref="double"/>, which is kept in single precision;
/// rows whose label is NaN are left out, with a warning. The features are a vector of <see cref="float"/> of known size. The transformer
/// adds, with u for the label's unit:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>Score</c></term><description>Single, u: the mean.</description></item>
/// <item><term><c>Variance</c></term><description>With a Gaussian process, several members or passes. Single, u², at least 0: the variance
/// of the mean, which a large number of training rows like this one makes small: posterior variance, and the spread of the members'
/// means.</description></item>
/// <item><term><c>NoiseVariance</c></term><description>Single, u², above 0: the variance of labels about their mean, the same in every
/// row but with <see cref="SngpOptions.HeteroscedasticNoise"/>.</description></item>
/// <item><term><c>Lower</c>, <c>Upper</c></term><description>Single, u: the ends of the Gaussian interval that has the share
/// <see cref="SngpOptions.Confidence"/> of labels in it, <c>Score</c> ± q·√(<c>Variance</c> + <c>NoiseVariance</c>).</description></item>
/// </list>
/// <para>Where a feature is not a finite number, no column is a number either.</para>
/// <para><b>Characteristics.</b></para>
/// <list type="table">
/// <item><term>Task</term><description>Regression with uncertainty; <c>Regression.Evaluate</c> takes the columns as they
/// are</description></item>
/// <item><term>Needs normalised features</term><description>Yes; centred too: <c>NormalizeMeanVariance(fixZero: false)</c>. The label is
/// centred and scaled inside</description></item>
/// <item><term>Needs caching</term><description>No; the table is read once into memory, or streamed
/// (<see cref="TrainingOptions.MaximumRowsInMemory"/>)</description></item>
/// <item><term>Needed packages besides this one</term><description>TorchSharp-cpu or TorchSharp-cuda, for training
/// only</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// <para><b>Algorithm.</b> That of <see cref="SngpMulticlassTrainer"/> with one output f, trained by squared error on the label less its
/// mean and divided by its standard deviation. Once it is trained, the output weights become the mean of their exact Gaussian posterior, of
/// precision RidgePenalty·I + Σφφᵀ/ν, and the noise ν is that of the greatest marginal likelihood (MacKay 1992). Without a Gaussian
/// process,
/// or where the posterior is gathered in the training steps, ν is the mean squared error of rows that did not train, if there were any, or
/// else of the training rows. An ensemble mixes its members' means and variances (Lakshminarayanan et al. 2017). With
/// <see cref="SngpOptions.HeteroscedasticNoise"/> a second output is the logarithm of each row's
/// noise, trained by likelihood (Nix and Weigend 1994). The options that turn
/// logits into probabilities have no use here and must stay at their defaults.</para>
/// </remarks>
/// <seealso cref="Microsoft.ML.SngpTrainersCatalogExtensions"/>
public sealed class SngpRegressionTrainer : SngpTrainer
{
    internal SngpRegressionTrainer(IHostEnvironment environment, SngpOptions options)
        : base(environment, options, options?.HeteroscedasticNoise == true ? HeteroscedasticGaussian.Instance : Gaussian.Instance)
    {
    }
}
