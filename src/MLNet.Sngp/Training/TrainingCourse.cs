using System.Globalization;
using System.Diagnostics;
using MLNet.Sngp.Posterior;

namespace MLNet.Sngp.Training;

/// <summary>What goes on between the epochs of one network's training: checkpoints, validation, and the end.</summary>
/// <remarks>Tensors belong to the dispose scope in which the object was made. Not thread-safe.</remarks>
internal sealed class TrainingCourse
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly TrainingMonitor _monitor;
    private readonly TrainingStop? _stop;
    private readonly Checkpoint? _checkpoint;
    private readonly EarlyStopping? _stopping;
    private readonly PosteriorGathering? _gathering;
    private readonly int? _member;
    private readonly Stopwatch _time = new();
    private Optimizer? _optimizer;

    /// <param name="network">The network, as it is before the first epoch.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="input">May hold validation rows.</param>
    /// <param name="monitor">The log.</param>
    /// <param name="checkpoint">Null for none.</param>
    /// <param name="gathering">Gathers the posterior; null where the network has none.</param>
    public TrainingCourse(Network network, SngpOptions options, TrainingInput input, TrainingMonitor monitor, Checkpoint? checkpoint,
        PosteriorGathering? gathering = null)
    {
        _network = network;
        _options = options.Training;
        _monitor = monitor;
        _stop = input.Stop;
        _member = input.Member;
        _checkpoint = checkpoint;
        _gathering = gathering;
        _stopping = input.Validation is { } rows
            ? new EarlyStopping(network, rows, options.Training, input.AutomaticSteps(options.Training)) : null;
    }

    /// <summary>The number of epochs that an earlier training did.</summary>
    public int EpochsDone => _checkpoint?.Epoch ?? 0;

    /// <summary>The epoch whose weights the network has in the end; null without validation.</summary>
    public int? BestEpoch => _stopping?.BestEpoch;

    /// <summary>The lowest validation loss; null without validation.</summary>
    public double? BestLoss => _stopping?.BestLoss;

    /// <summary>Whether no more epochs are wanted before all are done.</summary>
    public bool IsOver => _stopping?.IsOver ?? false;

    /// <exception cref="OperationCanceledException">The context or the trainer's token was cancelled.</exception>
    public void ThrowIfCancelled() => _stop?.ThrowIfRequested();

    /// <summary>Goes on from the checkpoint.</summary>
    public void Begin(Optimizer optimizer)
    {
        _optimizer = optimizer;
        _time.Start();
        _gathering?.BeforeEpoch(EpochsDone + 1);
        if (EpochsDone == 0)
            return;
        _checkpoint!.Restore(_network, optimizer, _stopping, _gathering?.StateAfter(EpochsDone));
        _monitor.Resume(EpochsDone);
        _monitor.Info(FormattableString.Invariant(
            $"Going on from the checkpoint '{_checkpoint.Path}': {EpochsDone} of {_options.Epochs} epochs are done."));
    }

    /// <summary>Measures, keeps and logs what an epoch came to.</summary>
    /// <returns>The validation loss, or null.</returns>
    public double? AfterEpoch(int epoch, double trainingLoss)
    {
        var loss = _stopping?.Measure(epoch);
        if (_checkpoint?.IsDue(epoch, isLast: epoch == _options.Epochs || IsOver) == true)
            _checkpoint.Save(epoch, _network, _optimizer!, _stopping, _gathering?.StateAfter(epoch));
        _gathering?.BeforeEpoch(epoch + 1);
        _monitor.LogEpoch(_member, epoch, _options.Epochs, trainingLoss, loss, _time.Elapsed);
        _time.Restart();
        return loss;
    }

    /// <summary>Gives the network the weights that it is to have.</summary>
    public void End()
    {
        ThrowIfCancelled();
        if (_stopping is null)
            return;
        _stopping.TakeBest();
        _monitor.Info(string.Create(CultureInfo.InvariantCulture,
            $"Epoch {_stopping.BestEpoch} of the {_stopping.Epoch} that ran had the lowest validation loss, {_stopping.BestLoss}; its "
            + $"weights are kept."));
    }
}
