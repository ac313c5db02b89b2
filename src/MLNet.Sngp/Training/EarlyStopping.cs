using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Measures the validation loss after each epoch, keeps the weights where it was lowest, and says when to end.</summary>
/// <remarks>The tensors belong to the dispose scope in which the object was made. Not thread-safe.</remarks>
internal sealed class EarlyStopping
{
    private readonly Network _network;
    private readonly RowSource _rows;
    private readonly int? _patience;
    private readonly CancellationToken _cancellation;
    private readonly BatchTensors _batch;

    public EarlyStopping(Network network, RowSource rows, NetworkTrainerOptions options)
    {
        _network = network;
        _rows = rows;
        _patience = options.Patience;
        _cancellation = options.CancellationToken;
        var values = network.Parameters.Values;
        _batch = new BatchTensors(rows, (int)Math.Min(RowBatch.RowsFor(rows.NumberOfFeatures), rows.NumberOfRows), values.device);
        BestValues = zeros_like(values);
    }

    /// <summary>The parameters after the best epoch, laid out as <see cref="ParameterStore.Values"/>.</summary>
    public Tensor BestValues { get; }

    /// <summary>The lowest validation loss so far, in nats.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>The epoch of <see cref="BestLoss"/>, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The number of epochs measured.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether the loss was not lowered for as many epochs in a row as the options allow.</summary>
    public bool IsOver => Epoch - BestEpoch >= _patience;

    /// <summary>Measures the loss after an epoch and keeps the parameters if it is the lowest.</summary>
    /// <exception cref="InvalidOperationException">The loss is not a finite number.</exception>
    public double Measure(int epoch)
    {
        var loss = Loss();
        if (!double.IsFinite(loss))
            throw new InvalidOperationException(FormattableString.Invariant($"The validation loss became {loss} after epoch {epoch}. Centre and scale the features of the validation rows as those of the training rows, by the same fitted transformer, or lower {nameof(NetworkTrainerOptions.LearningRate)}."));
        Epoch = epoch;
        if (loss < BestLoss)
        {
            (BestLoss, BestEpoch) = (loss, epoch);
            Copy(_network.Parameters.Values, BestValues);
        }
        return loss;
    }

    /// <summary>Goes on from a state that was kept; <see cref="BestValues"/> are the caller's to fill.</summary>
    public void Restore(int epoch, int bestEpoch, double bestLoss) => (Epoch, BestEpoch, BestLoss) = (epoch, bestEpoch, bestLoss);

    /// <summary>Gives the network the parameters of the best epoch.</summary>
    public void TakeBest() => Copy(BestValues, _network.Parameters.Values);

    /// <summary>Σᵢ wᵢ·(−log pᵢ) / Σᵢ wᵢ over all rows, without dropout.</summary>
    private double Loss()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = _rows.InOrder();
        var (sum, weight) = (0.0, 0.0);
        while (_batch.Read(pass))
        {
            _cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var losses = nn.functional.cross_entropy(_network.Logits(_batch.Features, masks: null), _batch.Labels, reduction: nn.Reduction.None).to(ScalarType.Float64);
            if (_batch.Weights is { } weights)
            {
                var exact = weights.to(ScalarType.Float64);
                losses = losses.mul(exact);
                weight += exact.sum().item<double>();
            }
            else
                weight += _batch.Count;
            sum += losses.sum().item<double>();
        }
        return sum / weight;
    }

    private static void Copy(Tensor from, Tensor to)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        to.copy_(from);
    }
}
