using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Training;

/// <summary>
/// Tells the outside how a training goes: the log, ML.NET's progress channel and the user's own observer.
/// </summary>
/// <remarks>
/// Safe for use by several threads: the log and the observer are called by one of them at a time, in order, and no lock is held meanwhile.
/// What an observer throws ends the training of the thread that called it, and with it <c>Fit</c>.
/// </remarks>
internal sealed class TrainingMonitor : IDisposable
{
    // Of a longer training, every so many epochs are told as information and the others as trace.
    private const int MostLines = 100;

    private readonly OrderedCalls _calls = new();
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly IProgress<TrainingProgress>? _observer;
    private readonly int _numberOfMembers;
    private volatile TrainingProgress? _latest;
    private int _epochs;

    /// <param name="host">Gives the progress channel.</param>
    /// <param name="channel">The log; it stays the caller's.</param>
    /// <param name="activity">The name of the training in the progress channel.</param>
    /// <param name="observer">The user's observer, or null.</param>
    /// <param name="numberOfMembers">How many networks report here; their progress is added up.</param>
    public TrainingMonitor(IHost host, IChannel channel, string activity, IProgress<TrainingProgress>? observer, int numberOfMembers = 1)
    {
        _channel = channel;
        _observer = observer;
        _numberOfMembers = numberOfMembers;
        _progress = host.StartProgressChannel(activity);
        _progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), Show);
    }

    public void Info(string message) => _calls.Make(() => () => _channel.Info(MessageSensitivity.None, message));

    public void Warning(string message) => _calls.Make(() => () => _channel.Warning(MessageSensitivity.None, message));

    /// <summary>Counts epochs that were done before, in the training that a checkpoint is of.</summary>
    public void Resume(int epochs) => Interlocked.Add(ref _epochs, epochs);

    /// <summary>Reports an epoch of one network, as a part of the training of all of them.</summary>
    public void Report(TrainingProgress member) => _calls.Make(() =>
    {
        var epochs = Interlocked.Increment(ref _epochs);
        var (numberOfEpochs, numberOfSteps) = (member.NumberOfEpochs * _numberOfMembers, member.NumberOfSteps * _numberOfMembers);
        var steps = epochs * (member.NumberOfSteps / member.NumberOfEpochs);
        var all = new TrainingProgress(epochs, numberOfEpochs, steps, numberOfSteps, member.Loss, member.ValidationLoss);
        _latest = all;
        return () =>
        {
            _progress.Checkpoint(all.Loss, all.Epoch);
            _observer?.Report(all);
        };
    });

    /// <summary>Tells the log what an epoch of one network came to: as information, but beyond some hundred epochs most as trace.</summary>
    /// <param name="member">The member of an ensemble, from 1; null for a network of its own.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="numberOfEpochs">How many epochs the network is trained for.</param>
    /// <param name="loss">The mean training loss.</param>
    /// <param name="validationLoss">Null without validation rows.</param>
    /// <param name="time">How long it took, with its validation and checkpoint.</param>
    public void LogEpoch(int? member, int epoch, int numberOfEpochs, double loss, double? validationLoss, TimeSpan time)
    {
        var step = ((long)numberOfEpochs * _numberOfMembers + MostLines - 1) / MostLines;
        var name = member is { } number ? FormattableString.Invariant($"Member {number}, epoch") : "Epoch";
        var validation = validationLoss is { } value ? FormattableString.Invariant($", validation loss {value:G6}") : "";
        var line =
            FormattableString.Invariant($"{name} {epoch} of {numberOfEpochs}: loss {loss:G6}{validation}, {time.TotalSeconds:F3} s.");
        if (epoch % step == 0 || epoch == numberOfEpochs)
            Info(line);
        else
            _calls.Make(() => () => _channel.Trace(MessageSensitivity.None, line));
    }

    public void Dispose() => _progress.Dispose();

    // Called by ML.NET from a thread of its own.
    private void Show(IProgressEntry entry)
    {
        if (_latest is not { } state)
            return;
        entry.SetProgress(0, state.Epoch, state.NumberOfEpochs);
        entry.SetMetric(0, state.Loss);
    }
}
