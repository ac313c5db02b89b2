using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Training;

namespace MLNet.Sngp;

/// <summary>
/// Trains a Spectral-normalized Neural Gaussian Process for two classes, whose uncertainty grows with the distance from
/// its training data.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a <see cref="bool"/>, the features are a vector of
/// <see cref="float"/> of known size, centred and scaled. The transformer adds:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Boolean: whether <c>Score</c> is above 0. False where a feature is not a finite
/// number, because ML.NET has no missing Boolean.</description></item>
/// <item><term><c>Probability</c></term><description>Single in [0, 1]: the probability of true, after the mean-field
/// adjustment.</description></item>
/// <item><term><c>Score</c></term><description>Single: the logit of <c>Probability</c>, log(p/(1 − p)), computed without rounding p; also
/// after the adjustment.</description></item>
/// <item><term><c>Variance</c></term><description>Single, at least 0: posterior variance of the logits, in logit².</description></item>
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
/// (<see cref="NetworkTrainerOptions.MaximumRowsInMemory"/>)</description></item>
/// <item><term>Needed packages besides this one</term><description>TorchSharp-cpu or TorchSharp-cuda, for training
/// only</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// <para><b>Algorithm.</b> That of <see cref="SngpTrainer"/> with two classes, false and true, and the same options.
/// Two classes have the same covariance, so <c>Variance</c> is one number under <see cref="PosteriorCovariance.PerClass"/> too.
/// Immutable; <see cref="Fit(IDataView)"/> may be called from several threads.</para>
/// </remarks>
public sealed class SngpBinaryTrainer : IEstimator<SngpTransformer>
{
    private readonly TrainerHost<SngpTrainer.Options> _host;

    internal SngpBinaryTrainer(IHostEnvironment environment, SngpTrainer.Options options) =>
        _host = new TrainerHost<SngpTrainer.Options>(environment, nameof(SngpBinaryTrainer), options, ClassificationTask.Binary);

    /// <summary>Trains a model.</summary>
    /// <param name="input">The training table, with the label and feature columns that the options name.</param>
    /// <returns>A transformer that scores rows with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, too few rows or classes are there, the device is missing, the loss
    /// or a weight stopped being finite, or the checkpoint is of another training.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled.</exception>
    public SngpTransformer Fit(IDataView input) => new(_host.Environment, _host.Fit(input, validation: null, (options, data, monitor) => new SngpTraining(options, monitor).Train(data)));

    /// <summary>Trains a model and measures it after each epoch on rows that do not train; the best epoch's weights are kept.</summary>
    /// <param name="trainData">The training table, with the label and feature columns that the options name.</param>
    /// <param name="validationData">The validation table, with the same columns, made by the same fitted transformers. The loss is measured
    /// over all its rows; see <see cref="NetworkTrainerOptions.Patience"/>.</param>
    /// <returns>A transformer that scores rows with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Fit(IDataView)"/>; or the tables differ in classes or features, or the
    /// options exclude a validation table.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled.</exception>
    public SngpTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return new(_host.Environment, _host.Fit(trainData, validationData, (options, data, monitor) => new SngpTraining(options, monitor).Train(data)));
    }

    /// <summary>The columns that the transformer will add, without training.</summary>
    /// <param name="inputSchema">The columns of the training table.</param>
    /// <returns>The input's columns and the transformer's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _host.GetOutputSchema(inputSchema);
}
