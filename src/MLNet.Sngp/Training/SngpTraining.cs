using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>One training of an SNGP, from the table to the model. Frees all its native memory on every path.</summary>
internal sealed class SngpTraining
{
    private readonly SngpTrainer.Options _options;
    private readonly TrainingMonitor _monitor;

    public SngpTraining(SngpTrainer.Options options, TrainingMonitor monitor)
    {
        _options = options;
        _monitor = monitor;
    }

    public UncertaintyModel Train(TrainingInput input)
    {
        // The tensors are gone before the model's bytes are made: both are large.
        var graph = Fit(input, out var values);
        _options.CancellationToken.ThrowIfCancellationRequested();
        return ModelWriter.Write(graph, SngpTransformer.SngpMethod, input.Labels, _options, values);
    }

    private OnnxGraph Fit(TrainingInput input, out TrainedValues values)
    {
        using var scope = NewDisposeScope();
        var (rows, seed) = (input.Rows, input.Seed);
        var device = TorchDevice.Of(_options.Device);
        var checkpoint = Checkpoint.Open(input.Checkpoint, _options);
        var network = new SngpNetwork(input.ShapeOf(_options), _options, seed, device, hidden => _options.KernelScale ?? checkpoint?.KernelScale ?? KernelScaleEstimator.Estimate(hidden, rows, device, seed, _monitor.Warning, _options.CancellationToken.ThrowIfCancellationRequested));
        _monitor.Info(FormattableString.Invariant($"Training on {rows.NumberOfRows} rows, {rows.NumberOfFeatures} features, {rows.NumberOfClasses} classes; device {device}, seed {seed}, kernel scale {network.KernelScale}."));

        var prepared = ProjectedRows.Of(input, network.Residual, _options.CancellationToken);
        var gathering = new PosteriorGathering(network, _options);
        var course = new TrainingCourse(network, _options, prepared, _monitor, checkpoint, gathering.Posterior);
        gathering.BeforeEpoch(course.EpochsDone + 1);
        new TrainingLoop(network, _options, seed, rows.NumberOfRows).Run(prepared.Rows, progress =>
        {
            gathering.BeforeEpoch(progress.Epoch + 1);
            _monitor.Report(progress);
        }, course);
        gathering.AfterTraining(prepared.Rows);
        var variance = gathering.Posterior.Variance(_options.VarianceTolerance, network.GaussianProcess.LargestSquaredNorm);
        _options.CancellationToken.ThrowIfCancellationRequested();
        // Among the largest things that a training holds, and done with.
        gathering.Posterior.Sum.Dispose();
        if (variance.Jitter > 0)
            _monitor.Warning(FormattableString.Invariant($"The posterior precision was nearly singular; {variance.Jitter} was added to its diagonal."));
        _monitor.Info(FormattableString.Invariant($"The variance takes {variance.Factor.shape[1]} columns of {variance.Factor.shape[0]} random features{(variance.Prior is null ? ", its full form" : "")}."));
        values = new TrainedValues(seed, network.KernelScale, variance.Jitter, course.BestEpoch);
        return SngpGraph.Build(network, variance, _options, seed, rows.Task);
    }
}
