using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Training;

/// <summary>What every trainer does in the same way: check options and columns, read the table, draw the seed, report.</summary>
/// <remarks>Immutable; <see cref="Fit"/> may run on several threads.</remarks>
internal sealed class TrainerHost<TOptions> where TOptions : NetworkTrainerOptions
{
    private readonly string _name;
    private readonly IHost _host;
    private readonly ClassificationTask _task;
    private readonly Func<TOptions, int>? _countMembers;

    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="name">The trainer's name in the log.</param>
    /// <param name="options">The options; checked and copied.</param>
    /// <param name="task">What kind of label the trainer learns.</param>
    /// <param name="countMembers">How many networks an ensemble holds; null for a single network.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names all of them.</exception>
    public TrainerHost(IHostEnvironment environment, string name, TOptions options, ClassificationTask task = ClassificationTask.Multiclass, Func<TOptions, int>? countMembers = null)
    {
        OptionsValidator.ThrowIfInvalid(options, nameof(options));
        Options = (TOptions)options.Copy();
        Environment = environment;
        _host = environment.Register(name);
        _name = name;
        _task = task;
        _countMembers = countMembers;
    }

    public TOptions Options { get; }

    /// <summary>The environment that was given: a model asks it for what may be set later, such as the folder for temporary
    /// files.</summary>
    public IHostEnvironment Environment { get; }

    /// <summary>Reads the table and trains a model on it.</summary>
    /// <param name="input">The training table.</param>
    /// <param name="validation">A table to measure the validation loss on; null for none or for a part of the training table.</param>
    /// <param name="train">The training; is given the options with a token that the context can cancel too.</param>
    public UncertaintyModel Fit(IDataView input, IDataView? validation, Func<TOptions, TrainingInput, TrainingMonitor, UncertaintyModel> train)
    {
        ArgumentNullException.ThrowIfNull(input);
        ThrowIfAmbiguous(validation);
        var columns = TrainingColumns.Find(input.Schema, Options, _task);
        Options.ThrowIfUnfit(columns.NumberOfClasses);
        TorchLibrary.Require();
        using var stop = new TrainingStop(_host, Options.CancellationToken);
        try
        {
            return ReadAndTrain(input, validation, columns, stop, train);
        }
        catch (OperationCanceledException)
        {
            // The user's own token is the one to name.
            Options.CancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private UncertaintyModel ReadAndTrain(IDataView input, IDataView? validation, TrainingColumns columns, TrainingStop stop, Func<TOptions, TrainingInput, TrainingMonitor, UncertaintyModel> train)
    {
        var options = (TOptions)Options.Copy();
        options.CancellationToken = stop.Token;
        var members = _countMembers?.Invoke(options);
        // Before any work is done that could not be kept.
        if (options.CheckpointPath is { } wanted)
            CheckpointFile.ThrowIfNotWritable(CheckpointPlace.PathOf(wanted, members is null ? null : 1));
        using var channel = _host.Start("Training");
        // Which rows are kept for validation depends on the seed, which may be in the file, whose name is that of all rows.
        var rows = options.ValidationFraction is null ? new TrainingTableReader(columns, options).Read(input, channel) : null;
        var table = options.CheckpointPath is null ? "" : rows is null ? RowFingerprint.Of(input, columns, stop.Token) : RowFingerprint.Of(rows, stop.Token);
        var path = options.CheckpointPath is { } given ? CheckpointPlace.PathOf(given, table) : null;
        var seed = options.Seed ?? (path is null ? null : Checkpoint.SeedIn(path, members)) ?? _host.Rand.Next();
        var data = (rows is null ? Split(input, columns, options, seed, channel) : new TrainingInput(rows, columns.Classes, seed)) with { Stop = stop };
        if (validation != null)
            data = data with { Validation = ReadValidation(validation, columns, options, channel) };
        if (path != null)
            data = data with { Checkpoint = CheckpointPlace.Create(_name, options, data, path, table, stop.Token) };
        using var monitor = new TrainingMonitor(_host, channel, _name, options.Progress, members ?? 1);
        var model = train(options, data, monitor);
        stop.ThrowIfRequested();
        return model;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TrainingColumns.Check(inputSchema, Options, _task);
        return _task == ClassificationTask.Binary
            ? OutputPromise.Binary(inputSchema)
            : OutputPromise.Multiclass(inputSchema, Options.LabelColumnName, Options is SngpTrainer.Options { Covariance: PosteriorCovariance.PerClass });
    }

    private void ThrowIfAmbiguous(IDataView? validation)
    {
        if (validation != null && Options.ValidationFraction is { } fraction)
            throw new InvalidOperationException(FormattableString.Invariant($"{nameof(Options.ValidationFraction)} is {fraction} and a validation table is given; set the option to null, or leave the table out."));
        if (validation is null && Options is { Patience: { } patience, ValidationFraction: null })
            throw new InvalidOperationException(FormattableString.Invariant($"{nameof(Options.Patience)} is {patience} and there are no validation rows to measure; set {nameof(Options.ValidationFraction)}, or give Fit a validation table."));
        if (validation != null && Options is SngpTrainer.Options { CovarianceGathering: not CovarianceGathering.AfterTraining and var gathering })
            throw new InvalidOperationException($"{nameof(SngpTrainer.Options.CovarianceGathering)} is {gathering} and a validation table is given: the rows would be gathered with other weights than those that are kept; gather {CovarianceGathering.AfterTraining}.");
    }

    private static TrainingInput Split(IDataView input, TrainingColumns columns, TOptions options, int seed, IChannel channel)
    {
        var reader = new TrainingTableReader(columns, options);
        var split = new ValidationSplit(input, columns.Label, options.ValidationFraction!.Value, seed);
        return new TrainingInput(reader.Read(split.Training, channel), columns.Classes, seed) { Validation = reader.ReadValidation(split.Validation, channel) };
    }

    private RowSource ReadValidation(IDataView validation, TrainingColumns training, TOptions options, IChannel channel)
    {
        var columns = TrainingColumns.Find(validation.Schema, options, _task);
        if (columns.NumberOfFeatures != training.NumberOfFeatures)
            throw new InvalidOperationException(FormattableString.Invariant($"The validation table's column '{options.FeatureColumnName}' has {columns.NumberOfFeatures} features and the training table's {training.NumberOfFeatures}. Make both with the same fitted transformer."));
        if (columns.Classes.ToJson() != training.Classes.ToJson())
            throw new InvalidOperationException($"The validation table's label column '{options.LabelColumnName}' has other classes than the training table's, or the same in another order. Make the keys of both with the same fitted MapValueToKey.");
        return new TrainingTableReader(columns, options).ReadValidation(validation, channel);
    }
}
