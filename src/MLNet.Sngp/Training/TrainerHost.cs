using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Training;

/// <summary>From a table to a model: checks options and columns, reads the table, draws the seed, trains, reports.</summary>
/// <remarks>Immutable; <see cref="Fit"/> may run on several threads.</remarks>
internal sealed class TrainerHost
{
    private readonly string _name;
    private readonly IHost _host;
    private readonly SngpOptions _options;
    private readonly Likelihood _likelihood;

    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="name">The trainer's name in the log.</param>
    /// <param name="options">The options; checked and copied.</param>
    /// <param name="likelihood">What kind of label the trainer learns.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names all of them.</exception>
    public TrainerHost(IHostEnvironment environment, string name, SngpOptions options, Likelihood likelihood)
    {
        OptionsValidator.ThrowIfInvalid(options, nameof(options), likelihood);
        _options = options.Copy();
        Environment = environment;
        _host = environment.Register(name);
        _name = name;
        _likelihood = likelihood;
    }

    /// <summary>The environment that was given: a model asks it for what may be set later, such as the folder for temporary
    /// files.</summary>
    public IHostEnvironment Environment { get; }

    /// <summary>Reads the table and trains a model on it.</summary>
    /// <param name="input">The training table.</param>
    /// <param name="validation">A table to measure the validation loss on; null for none or for a part of the training table.</param>
    public UncertaintyModel Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ThrowIfAmbiguous(validation);
        var options = _options.Copy();
        var columns = TrainingColumns.Find(input.Schema, options, _likelihood);
        TorchLibrary.Require();
        if (options.Head == NetworkHead.GaussianProcess)
            options.GaussianProcess.Choose(columns.RowShape.Aggregate(1L, (product, size) => product * size), options.Backbone);
        OptionsValidator.ThrowIfUnfit(
            options, _likelihood, options.Backbone.Check(columns.RowShape), _likelihood.CountOutputs(columns.NumberOfClasses));
        ImageAugmentation.Of(options.Training, columns.RowShape);
        using var stop = new TrainingStop(_host, _options.Training.CancellationToken);
        options.Training.CancellationToken = stop.Token;
        try
        {
            return ReadAndTrain(input, validation, columns, options, stop);
        }
        catch (OperationCanceledException)
        {
            // The user's own token is the one to name.
            _options.Training.CancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TrainingColumns.Check(inputSchema, _options, _likelihood);
        // The number of classes is no part of a SchemaShape; any will do.
        return OutputPromise.Of(inputSchema, _likelihood.Columns(_options, _likelihood.CountOutputs(2)), _options.LabelColumnName);
    }

    private UncertaintyModel ReadAndTrain(
        IDataView input, IDataView? validation, TrainingColumns columns, SngpOptions options, TrainingStop stop)
    {
        var training = options.Training;
        int? members = options.NumberOfMembers > 1 ? options.NumberOfMembers : null;
        // Before any work is done that could not be kept.
        if (training.CheckpointPath is { } wanted)
            CheckpointFile.ThrowIfNotWritable(CheckpointPlace.PathOf(wanted, members is null ? null : 1));
        using var channel = _host.Start("Training");
        // Which rows are kept for validation depends on the seed, which may be in the file, whose name is that of all rows.
        var rows = training.ValidationFraction is null ? new TrainingTableReader(columns, training, options.Backbone.TakesAnyScale)
            .Read(input, channel) : null;
        // A streamed table cannot be trained on in parts.
        if (rows is { IsInMemory: false } && training.NumberOfEpochs is null && validation is null)
        {
            if (options.GathersInSteps)
            {
                throw new InvalidOperationException(
                    $"{nameof(training.NumberOfEpochs)} is null, {nameof(PosteriorOptions.CovarianceGathering)} is "
                    + $"{options.Posterior.CovarianceGathering}, and the table is streamed, so that rows are kept for validation: the rows "
                    + $"would be gathered with other weights than those that are kept. Set {nameof(training.NumberOfEpochs)}, or gather "
                    + $"{CovarianceGathering.AfterTraining}.");
            }
            rows = null;
            training.ValidationFraction = AutomaticLength.KeptFraction;
        }
        var table = training.CheckpointPath is null ? "" : rows is null
            ? RowFingerprint.Of(input, columns, stop.Token)
            : RowFingerprint.Of(rows, stop.Token);
        var path = training.CheckpointPath is { } given ? CheckpointPlace.PathOf(given, table) : null;
        var seed = options.Seed ?? (path is null ? null : Checkpoint.SeedIn(path, members)) ?? _host.Rand.Next();
        var (trained, kept) = rows is null ? Split(input, columns, options, seed, channel) : (rows, null);
        if (validation != null)
            kept = ReadValidation(validation, columns, training, channel);
        var likelihood = _likelihood.Adapt(trained, options.LabelColumnName, stop.Token.ThrowIfCancellationRequested);
        var data = new TrainingInput(trained, likelihood, columns.Classes, columns.RowShape, seed) { Stop = stop, Validation = kept };
        if (path != null)
            data = data with { Checkpoint = CheckpointPlace.Create(_name, options, data, path, table, stop.Token) };
        using var monitor = new TrainingMonitor(_host, channel, _name, training.Progress, options.NumberOfMembers);
        data = AutomaticLength.Resolve(options, data, monitor);
        var model = Train(options, data, monitor);
        stop.ThrowIfRequested();
        return model;
    }

    private static UncertaintyModel Train(SngpOptions options, TrainingInput input, TrainingMonitor monitor)
    {
        if (options.NumberOfMembers > 1)
        {
            var members = EnsembleTraining.Train(options, input, (member, data) => MemberTraining.Train(member, data, monitor, out _));
            return ModelWriter.Write(members, input, options, TrainedValues.OfEnsemble(input.Seed));
        }
        // The tensors are gone before the model's bytes are made: both are large.
        var graph = MemberTraining.Train(options, input, monitor, out var values);
        options.Training.CancellationToken.ThrowIfCancellationRequested();
        return ModelWriter.Write([graph], input, options, values);
    }

    private void ThrowIfAmbiguous(IDataView? validation)
    {
        var training = _options.Training;
        if (validation != null && training.ValidationFraction is { } fraction)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"{nameof(training.ValidationFraction)} is {fraction} and a validation table is given; ")
                + "set the option to null, or leave the table out.");
        }
        if (validation is null && training is { Patience: { } patience, ValidationFraction: null })
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"{nameof(training.Patience)} is {patience} and there are no validation rows to measure; ")
                + $"set {nameof(training.ValidationFraction)}, or give Fit a validation table.");
        }
        if (validation != null && _options.GathersInSteps)
        {
            throw new InvalidOperationException(
                $"{nameof(PosteriorOptions.CovarianceGathering)} is {_options.Posterior.CovarianceGathering} and a validation table is "
                + "given: the rows would be "
                + $"gathered with other weights than those that are kept; gather {CovarianceGathering.AfterTraining}.");
        }
    }

    private static (RowSource Training, RowSource? Validation) Split(
        IDataView input, TrainingColumns columns, SngpOptions options, int seed, IChannel channel)
    {
        var reader = new TrainingTableReader(columns, options.Training, options.Backbone.TakesAnyScale);
        var split = new ValidationSplit(input, columns.Label, columns.Labels, options.Training.ValidationFraction!.Value, seed);
        return (reader.Read(split.Training, channel), reader.ReadValidation(split.Validation, channel));
    }

    private RowSource ReadValidation(IDataView validation, TrainingColumns training, TrainingOptions options, IChannel channel)
    {
        var columns = TrainingColumns.Find(validation.Schema, _options, _likelihood);
        if (columns.NumberOfFeatures != training.NumberOfFeatures)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The validation table's column '{_options.FeatureColumnName}' has {columns.NumberOfFeatures} features and ")
                + FormattableString.Invariant(
                $"the training table's {training.NumberOfFeatures}. Make both with the same fitted transformer."));
        }
        if (columns.Classes?.ToJson() != training.Classes?.ToJson())
        {
            throw new InvalidOperationException(
                $"The validation table's label column '{_options.LabelColumnName}' has other classes than the training table's, or the "
                + "same in another order. Make the keys of both with the same fitted MapValueToKey.");
        }
        return new TrainingTableReader(columns, options).ReadValidation(validation, channel);
    }
}
