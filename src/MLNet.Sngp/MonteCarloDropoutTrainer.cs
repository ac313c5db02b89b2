using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Training;

namespace MLNet.Sngp;

/// <summary>
/// Trains one network with dropout and keeps dropping when it scores: each row is scored by several thinned networks, whose
/// mean is the prediction and whose disagreement is its uncertainty.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The label is a key (<see cref="uint"/>), the features are a vector of
/// <see cref="float"/> of known size, centred and scaled. The transformer adds:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Key&lt;UInt32, K&gt; with the label's key values: the class of the largest
/// <c>Score</c>; missing where a feature is not a finite number.</description></item>
/// <item><term><c>Score</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: mean of the passes' probabilities, each
/// the softmax of its logits divided by the temperature.</description></item>
/// <item><term><c>Variance</c></term><description>Single in [0, ¼]: the variance of the passes' probabilities, Σₘ(pₘ − mean)² / P for each
/// class, averaged over the classes. Not a variance of logits.</description></item>
/// <item><term><c>Logits</c></term><description>Vector&lt;Single, K&gt;, slots named as the classes: mean of the passes'
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
/// <item><term>Exportable to ONNX</term><description>Yes; one graph holds all passes</description></item>
/// </list>
/// <para><b>Algorithm.</b> Training is that of <see cref="DeterministicTrainer"/>. A pass is one thinned network: a mask for
/// each hidden layer, drawn once from the seed and kept in the model. So the same row always gets the same scores,
/// whatever rows it is scored with. Gal and Ghahramani, "Dropout as a Bayesian Approximation", arXiv 1506.02142.
/// Immutable; <see cref="Fit(IDataView)"/> may be called from several threads.</para>
/// </remarks>
/// <seealso cref="Microsoft.ML.UncertaintyTrainersCatalogExtensions"/>
public sealed class MonteCarloDropoutTrainer : IEstimator<SngpTransformer>
{
    internal const string Method = "MonteCarloDropout";
    private readonly TrainerHost<Options> _host;

    internal MonteCarloDropoutTrainer(IHostEnvironment environment, Options options) =>
        _host = new TrainerHost<Options>(environment, nameof(MonteCarloDropoutTrainer), options);

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

    /// <summary>The masks of the passes, shape [L, P, H].</summary>
    internal static TorchSharp.torch.Tensor Masks(Options options, NetworkShape shape, int seed) =>
        TorchSharp.torch.stack(DropoutMasks.Create(shape, options.NumberOfPasses, options.DropoutRate, new SeededRandom(seed, RandomPurpose.DropoutPasses), TorchSharp.torch.CPU)!.Next(options.NumberOfPasses));

    private static UncertaintyModel Train(Options options, TrainingInput input, TrainingMonitor monitor) =>
        DenseTraining.Train(Method, options, input, monitor, network =>
            DenseGraph.Build(network, Masks(options, network.Residual.Shape, input.Seed), options.FeatureColumnName));


    /// <summary>The options of <see cref="MonteCarloDropoutTrainer"/>. The defaults are the tutorial's but for the learning rate.</summary>
    /// <remarks><see cref="NetworkTrainerOptions.DropoutRate"/> must be above 0: without dropout all passes are alike.</remarks>
    public sealed class Options : NetworkTrainerOptions
    {
        /// <summary>P, the number of thinned networks that score each row.</summary>
        /// <remarks>Scoring takes about P times as long as with a single network, training no longer.</remarks>
        /// <value>The default is 10, the tutorial's.</value>
        [Range(1, 10_000)]
        public int NumberOfPasses { get; set; } = 10;

        /// <inheritdoc/>
        internal override IEnumerable<string> Contradictions()
        {
            foreach (var contradiction in base.Contradictions())
                yield return contradiction;
            if (DropoutMasks.IsNone(DropoutRate))
                yield return FormattableString.Invariant($"{nameof(DropoutRate)} is {DropoutRate}, and without dropout all passes are alike; set it above 0, or use {nameof(DeterministicTrainer)}.");
        }
    }
}
