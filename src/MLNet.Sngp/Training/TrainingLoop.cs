using System.Globalization;
using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Fits a network by mini-batches: bound the weights, forward, loss, gradients, optimiser.</summary>
/// <remarks>The order of the parts of a step is the reference's. Not thread-safe.</remarks>
internal sealed class TrainingLoop
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Optimizer _optimizer;
    private readonly TrainingStep _step;
    private readonly int _seed;
    private readonly int _capacity;
    private readonly ImageAugmentation? _augmentation;
    private long _steps = long.MaxValue;
    private long _warmUp;

    /// <remarks>Tensors that outlive a step belong to the dispose scope of the caller.</remarks>
    /// <param name="network">What to train.</param>
    /// <param name="options">Epochs, batches, learning rate.</param>
    /// <param name="seed">Fixes the order of the rows and the dropout.</param>
    /// <param name="numberOfRows">The most rows there will be; batches are not larger.</param>
    public TrainingLoop(Network network, TrainingOptions options, int seed, long numberOfRows = long.MaxValue)
    {
        _network = network;
        _options = options;
        _seed = seed;
        _capacity = (int)Math.Min(options.RowsInStep, numberOfRows);
        _step = TrainingStep.Create(network, _capacity);
        _optimizer = Optimizer.Create(network.Parameters, options);
        _augmentation = ImageAugmentation.Of(options, network.RowShape);
        network.RestartDropout(new SeededRandom(seed, RandomPurpose.Dropout));
    }

    /// <summary>Runs all epochs.</summary>
    /// <param name="rows">The training table.</param>
    /// <param name="report">Is called after each epoch.</param>
    /// <param name="course">What goes on between the epochs; null for nothing.</param>
    /// <param name="isOver">Is asked after each epoch whether to end; null for never.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The loss or a weight stopped being a finite number.</exception>
    public void Run(RowSource rows, Action<TrainingProgress> report, TrainingCourse? course = null, Func<bool>? isOver = null)
    {
        using var scope = NewDisposeScope();
        var batch = new BatchTensors(rows, _capacity, _network.Device);
        _warmUp = _options.StepsIn(rows) * _options.WarmUpEpochs;
        _steps = _options.StepsIn(rows) * _options.Epochs;
        course?.Begin(_optimizer);
        for (var epoch = (course?.EpochsDone ?? 0) + 1; epoch <= _options.Epochs && course?.IsOver != true && isOver?.Invoke() != true;
            epoch++)
        {
            var loss = RunEpoch(rows, batch, epoch, course);
            ThrowIfNotFinite(epoch);
            report(new TrainingProgress(epoch, _options.Epochs, _optimizer.Step, _steps, loss, course?.AfterEpoch(epoch, loss)));
        }
        course?.End();
    }

    /// <summary>One optimiser step; gives the loss before it.</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="labels">Shape [B].</param>
    /// <param name="weights">Example weights, shape [B], or null.</param>
    public double Step(Tensor features, Tensor labels, Tensor? weights)
    {
        var loss = _step.Run(features, labels, weights);
        if (_options.WeightDecay > 0)
            loss += _network.Decay(_options.WeightDecay);
        _optimizer.Update(LearningRates.Share(_options.LearningRateSchedule, _optimizer.Step, _steps, _warmUp));
        return loss;
    }

    /// <remarks>An epoch's random numbers do not depend on the epochs before, so that a training can begin with any.</remarks>
    private double RunEpoch(RowSource rows, BatchTensors batch, int epoch, TrainingCourse? course)
    {
        using var pass = rows.Shuffled(_seed, epoch);
        _network.RestartDropout(new SeededRandom(_seed, RandomPurpose.Dropout, epoch));
        var images = new SeededRandom(_seed, RandomPurpose.Images, epoch);
        var total = 0.0;
        while (batch.Read(pass))
        {
            course?.ThrowIfCancelled();
            _options.CancellationToken.ThrowIfCancellationRequested();
            using var changed = _augmentation?.Apply(batch.Features, images);
            var loss = Step(changed ?? batch.Features, batch.Labels, batch.Weights);
            if (!double.IsFinite(loss))
                throw Diverged("training loss", epoch, loss);
            total += loss * batch.Count;
        }
        return total / rows.NumberOfRows;
    }

    // A step's loss says nothing of the weights that the step leaves behind.
    private void ThrowIfNotFinite(int epoch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // A sum of magnitudes is finite only if all weights are and it does not overflow, which no network of use does.
        var sum = _network.Parameters.Values.abs().sum().item<float>();
        if (!float.IsFinite(sum))
            throw Diverged("sum of the weights' magnitudes", epoch, sum);
    }

    private InvalidOperationException Diverged(string what, int epoch, double value) => new(string.Create(CultureInfo.InvariantCulture,
        $"The {what} became {value} in epoch {epoch}, step {_optimizer.Step}. Lower {nameof(TrainingOptions.LearningRate)}, which is ")
        + string.Create(CultureInfo.InvariantCulture,
        $"{_options.LearningRate}, or centre and scale the features (NormalizeMeanVariance with fixZero: false)."));
}
