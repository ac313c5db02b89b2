using System.Globalization;
using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Measures the validation loss after each epoch, keeps the state where it was lowest, and says when to end.</summary>
/// <remarks>The tensors belong to the dispose scope in which the object was made. Not thread-safe.</remarks>
internal sealed class EarlyStopping
{
    private readonly Network _network;
    private readonly int? _patience;
    private readonly long? _automaticSteps;
    private readonly List<double> _losses = [];
    private readonly MeanLoss _loss;

    /// <param name="network">What is trained.</param>
    /// <param name="rows">The validation rows.</param>
    /// <param name="options">May hold a patience.</param>
    /// <param name="automaticSteps">The steps in an epoch, where <see cref="AutomaticLength"/> decides; null otherwise.</param>
    public EarlyStopping(Network network, RowSource rows, TrainingOptions options, long? automaticSteps = null)
    {
        _network = network;
        _patience = options.Patience;
        _automaticSteps = automaticSteps;
        _loss = new MeanLoss(network, rows, options.CancellationToken);
        Best = [.. network.State.Select(part => (part.Name, zeros_like(part.Tensor)))];
    }

    /// <summary>The state after the best epoch, as <see cref="Network.State"/>.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Best { get; }

    /// <summary>The lowest validation loss so far, in nats.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>The epoch of <see cref="BestLoss"/>, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The number of epochs measured.</summary>
    public int Epoch { get; private set; }

    /// <summary>The loss of each epoch that this object measured.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>Whether the loss was not lowered for as long as the options allow.</summary>
    public bool IsOver => _patience is { } patience ? Epoch - BestEpoch >= patience
        : _automaticSteps is { } steps && AutomaticLength.IsOver(Epoch, BestEpoch, steps);

    /// <summary>Measures the loss after an epoch and keeps the state if it is the lowest.</summary>
    /// <exception cref="InvalidOperationException">The loss is not a finite number.</exception>
    public double Measure(int epoch)
    {
        var loss = _loss.Measure().Mean;
        if (!double.IsFinite(loss))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The validation loss became {loss} after epoch {epoch}. Centre and scale the features of the validation rows as those of "
                + $"the training rows, by the same fitted transformer, or lower {nameof(TrainingOptions.LearningRate)}."));
        Epoch = epoch;
        _losses.Add(loss);
        if (loss < BestLoss)
        {
            (BestLoss, BestEpoch) = (loss, epoch);
            Copy(_network.State, Best);
        }
        return loss;
    }

    /// <summary>Goes on from a state that was kept; <see cref="Best"/> is the caller's to fill.</summary>
    public void Restore(int epoch, int bestEpoch, double bestLoss) => (Epoch, BestEpoch, BestLoss) = (epoch, bestEpoch, bestLoss);

    /// <summary>Gives the network the parameters of the best epoch.</summary>
    public void TakeBest() => Copy(Best, _network.State);

    private static void Copy(IEnumerable<(string Name, Tensor Tensor)> from, IEnumerable<(string Name, Tensor Tensor)> to)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (source, target) in from.Zip(to))
            target.Tensor.copy_(source.Tensor);
    }
}
