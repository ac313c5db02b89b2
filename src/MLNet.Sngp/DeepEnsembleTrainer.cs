using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Export;
using MLNet.Sngp.Training;

namespace MLNet.Sngp;

/// <summary>
/// Trains several networks that differ by their seed alone; the mean of their probabilities is the prediction and their
/// disagreement its uncertainty.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a key (<see cref="uint"/>), the features are a vector of
/// <see cref="float"/> of known size, centred and scaled. The transformer adds:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Key&lt;UInt32, K&gt; with the label's key values: the class of the largest
/// <c>Score</c>; missing where a feature is not a finite number.</description></item>
/// <item><term><c>Score</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: mean of the members' probabilities,
/// each the softmax of its logits divided by the temperature.</description></item>
/// <item><term><c>Variance</c></term><description>Single in [0, ¼]: the variance of the members' probabilities, Σₘ(pₘ − mean)² / M for each
/// class, averaged over the classes. Not a variance of logits.</description></item>
/// <item><term><c>Logits</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: mean of the members'
/// logits.</description></item>
/// <item><term><c>Uncertainty</c></term><description>Single in [0, 1]: entropy of <c>Score</c> divided by log K.</description></item>
/// </list>
/// <para><b>Characteristics.</b></para>
/// <list type="table">
/// <item><term>Task</term><description>Multiclass classification with uncertainty</description></item>
/// <item><term>Needs normalised features</term><description>Yes; centred too: <c>NormalizeMeanVariance(fixZero:
/// false)</c></description></item>
/// <item><term>Needs caching</term><description>No; the table is read once into memory, or streamed
/// (<see cref="NetworkTrainerOptions.MaximumRowsInMemory"/>)</description></item>
/// <item><term>Needed packages besides this one</term><description>TorchSharp-cpu or TorchSharp-cuda, for training
/// only</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes; one graph holds all members</description></item>
/// </list>
/// <para><b>Algorithm.</b> Each member is trained as by <see cref="DeterministicTrainer"/>, on all rows, with a seed derived
/// from the ensemble's; the first member's is the ensemble's own. Lakshminarayanan, Pritzel and Blundell, "Simple
/// and Scalable Predictive Uncertainty Estimation using Deep Ensembles", arXiv 1612.01474.
/// Members are trained side by side when the processor has more logical cores than torch takes threads for one
/// operator (<c>torch.get_num_threads()</c>); the model does not depend on how many at once. Progress adds up the
/// members: their epochs and steps are counted together, and the loss is that of the member whose epoch ended.
/// Immutable; <see cref="Fit(IDataView)"/> may be called from several threads.</para>
/// </remarks>
/// <seealso cref="Microsoft.ML.UncertaintyTrainersCatalogExtensions"/>
public sealed class DeepEnsembleTrainer : IEstimator<SngpTransformer>
{
    internal const string Method = "DeepEnsemble";
    private readonly TrainerHost<Options> _host;

    internal DeepEnsembleTrainer(IHostEnvironment environment, Options options) =>
        _host = new TrainerHost<Options>(environment, nameof(DeepEnsembleTrainer), options, countMembers: members => members.NumberOfMembers);

    /// <summary>Trains a model.</summary>
    /// <param name="input">The training table, with the label and feature columns that the options name.</param>
    /// <returns>A transformer that scores rows with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, too few rows or classes are there, the device is missing, the loss
    /// or a weight stopped being finite, or the checkpoint is of another training.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled.</exception>
    public SngpTransformer Fit(IDataView input) => new(_host.Environment, _host.Fit(input, validation: null, Train));

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
        return new(_host.Environment, _host.Fit(trainData, validationData, Train));
    }

    /// <summary>The columns that the transformer will add, without training.</summary>
    /// <param name="inputSchema">The columns of the training table.</param>
    /// <returns>The input's columns and the transformer's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _host.GetOutputSchema(inputSchema);

    private static UncertaintyModel Train(Options options, TrainingInput input, TrainingMonitor monitor)
    {
        var members = EnsembleTraining.Train(options.NumberOfMembers, options, input, (member, data) => DeterministicTrainer.Train(member, data, monitor));
        return ModelWriter.Write(EnsembleGraph.Build(Method, members, hasLogitVariance: false), Method, input.Labels, options, new TrainedValues(input.Seed));
    }


    /// <summary>The options of <see cref="DeepEnsembleTrainer"/>. The defaults are the tutorial's but for the learning rate.</summary>
    public sealed class Options : NetworkTrainerOptions
    {
        /// <summary>M, the number of networks.</summary>
        /// <remarks>Training and scoring take about M times as long as with a single network.</remarks>
        /// <value>The default is 10, the tutorial's.</value>
        [Range(1, 1000)]
        public int NumberOfMembers { get; set; } = 10;
    }
}
