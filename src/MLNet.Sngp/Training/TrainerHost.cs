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
    private readonly ClassificationTask _task;

    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="name">The trainer's name in the log.</param>
    /// <param name="options">The options; checked and copied.</param>
    /// <param name="task">What kind of label the trainer learns.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names all of them.</exception>
    public TrainerHost(IHostEnvironment environment, string name, TOptions options, ClassificationTask task = ClassificationTask.Multiclass)
    {
        OptionsValidator.ThrowIfInvalid(options, nameof(options));
        Options = (TOptions)options.Copy();
        Environment = environment.Register(name);
        _name = name;
        _task = task;
    }

    public TOptions Options { get; }

    public IHost Environment { get; }

    /// <summary>Reads the table and trains a model on it.</summary>
    /// <param name="input">The training table.</param>
    /// <param name="train">The training.</param>
    /// <param name="numberOfMembers">How many networks the training fits.</param>
    public UncertaintyModel Fit(IDataView input, Func<TrainingInput, TrainingMonitor, UncertaintyModel> train, int numberOfMembers = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        var columns = TrainingColumns.Find(input.Schema, Options, _task);
        Options.ThrowIfUnfit(columns.NumberOfClasses);
        using var channel = Environment.Start("Training");
        var rows = new TrainingTableReader(columns, Options).Read(input, channel);
        var seed = Options.Seed ?? Environment.Rand.Next();
        using var monitor = new TrainingMonitor(Environment, channel, _name, Options.Progress, numberOfMembers);
        return train(new TrainingInput(rows, columns.Classes, seed), monitor);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TrainingColumns.Check(inputSchema, Options, _task);
        return _task == ClassificationTask.Binary
            ? OutputPromise.Binary(inputSchema)
            : OutputPromise.Multiclass(inputSchema, Options.LabelColumnName, Options is SngpTrainer.Options { Covariance: PosteriorCovariance.PerClass });
    }
}
