using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Fits a network by mini-batches: bound the weights, forward, loss, gradient, Adam.</summary>
/// <remarks>The order of the parts of a step is the reference's. Not thread-safe.</remarks>
internal sealed class TrainingLoop
{
    private readonly Network _network;
    private readonly NetworkTrainerOptions _options;
    private readonly DropoutMasks? _masks;
    private readonly Adam _adam;
    private readonly SeededRandom _rowOrder;

    /// <remarks>Tensors that outlive a step belong to the dispose scope of the caller.</remarks>
    public TrainingLoop(Network network, NetworkTrainerOptions options, int seed)
    {
        _network = network;
        _options = options;
        var device = network.Parameters.Values.device;
        _masks = DropoutMasks.Create(network.Residual.Shape, options.BatchSize, options.DropoutRate, new SeededRandom(seed, RandomPurpose.Dropout), device);
        _adam = new Adam(network.Parameters, options.LearningRate);
        _rowOrder = new SeededRandom(seed, RandomPurpose.RowOrder);
    }

    /// <summary>Runs all epochs.</summary>
    /// <param name="rows">The training table.</param>
    /// <param name="report">Is called after each epoch.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The loss stopped being a finite number.</exception>
    public void Run(TrainingTensors rows, Action<TrainingProgress> report)
    {
        var order = new long[rows.NumberOfRows];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var stepsPerEpoch = (rows.NumberOfRows + _options.BatchSize - 1) / _options.BatchSize;
        for (var epoch = 1; epoch <= _options.NumberOfEpochs; epoch++)
        {
            _rowOrder.Shuffle<long>(order);
            var loss = RunEpoch(rows, order, epoch);
            report(new TrainingProgress(epoch, _options.NumberOfEpochs, _adam.Step, (long)stepsPerEpoch * _options.NumberOfEpochs, loss));
        }
    }

    /// <summary>One optimiser step; gives the loss before it.</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="labels">Classes from 0, shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public double Step(Tensor features, Tensor labels, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        using var gradient = enable_grad();
        _network.BeforeStep();
        var logits = _network.Logits(features, _masks?.Next((int)features.shape[0]));
        var loss = Loss(logits, labels, weights);
        _network.Parameters.Gradients.zero_();
        loss.backward();
        _network.AfterGradients(weights);
        _adam.Update();
        return loss.item<float>();
    }

    private double RunEpoch(TrainingTensors rows, long[] order, int epoch)
    {
        using var scope = NewDisposeScope();
        var shuffled = tensor(order, device: rows.Features.device);
        var total = 0.0;
        for (var start = 0; start < order.Length; start += _options.BatchSize)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, order.Length - start);
            var batch = shuffled.narrow(0, start, count);
            var loss = Step(rows.Features.index_select(0, batch), rows.Labels.index_select(0, batch), rows.Weights?.index_select(0, batch));
            if (!double.IsFinite(loss))
                throw Diverged(epoch, loss);
            total += loss * count;
        }
        return total / order.Length;
    }

    /// <summary>The mean of the weighted cross-entropies, plus the network's penalty.</summary>
    private Tensor Loss(Tensor logits, Tensor labels, Tensor? weights)
    {
        var loss = weights is null
            ? nn.functional.cross_entropy(logits, labels)
            : nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None).mul(weights).mean();
        return _network.Penalty() is { } penalty ? loss.add(penalty) : loss;
    }

    private InvalidOperationException Diverged(int epoch, double loss) =>
        new(FormattableString.Invariant($"The training loss became {loss} in epoch {epoch}, step {_adam.Step}. Centre and scale the features (NormalizeMeanVariance with fixZero: false) or lower {nameof(NetworkTrainerOptions.LearningRate)}, which is {_options.LearningRate}."));
}
