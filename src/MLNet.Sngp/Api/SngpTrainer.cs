using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Training;

namespace MLNet.Sngp;

/// <summary>What the trainers of this library have in common: they train a network by <see cref="SngpOptions"/> and give an
/// <see cref="SngpTransformer"/>.</summary>
/// <remarks>Immutable; <c>Fit</c> may be called from several threads.</remarks>
public abstract class SngpTrainer : IEstimator<SngpTransformer>
{
    private readonly TrainerHost _host;

    internal SngpTrainer(IHostEnvironment environment, SngpOptions options, Likelihood likelihood) =>
        _host = new TrainerHost(environment, GetType().Name, options, likelihood);

    /// <summary>Trains a model.</summary>
    /// <param name="input">The training table, with the label and feature columns that the options name.</param>
    /// <returns>A transformer that scores rows with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="NotSupportedException">The backbone holds a module that cannot be exported, or does not take such rows.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, too few rows or classes are there, the device is missing, the loss
    /// or a weight stopped being finite, or the checkpoint is of another training.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled.</exception>
    public SngpTransformer Fit(IDataView input) => new(_host.Environment, _host.Fit(input, validation: null));

    /// <summary>Trains a model and measures it after each epoch on rows that do not train; the best epoch's weights are kept.</summary>
    /// <param name="trainData">The training table, with the label and feature columns that the options name.</param>
    /// <param name="validationData">The validation table, with the same columns, made by the same fitted transformers. The loss is measured
    /// over all its rows; see <see cref="TrainingOptions.Patience"/>.</param>
    /// <returns>A transformer that scores rows with the trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="NotSupportedException">As for <see cref="Fit(IDataView)"/>.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Fit(IDataView)"/>; or the tables differ in classes or features, or the
    /// options exclude a validation table.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The options' token or the context was cancelled.</exception>
    public SngpTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return new(_host.Environment, _host.Fit(trainData, validationData));
    }

    /// <summary>The columns that the transformer will add, without training.</summary>
    /// <param name="inputSchema">The columns of the training table.</param>
    /// <returns>The input's columns and the transformer's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _host.GetOutputSchema(inputSchema);
}
