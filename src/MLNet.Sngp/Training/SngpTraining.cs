using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>One training of an SNGP, from the table to the model. Frees all its native memory on every path.</summary>
internal sealed class SngpTraining
{
    private const int RowsPerPosteriorBatch = 1024;
    private readonly SngpTrainer.Options _options;
    private readonly TrainingMonitor _monitor;

    public SngpTraining(SngpTrainer.Options options, TrainingMonitor monitor)
    {
        _options = options;
        _monitor = monitor;
    }

    public UncertaintyModel Train(TrainingInput input)
    {
        using var scope = NewDisposeScope();
        var (table, seed) = (input.Table, input.Seed);
        var device = TorchDevice.Of(_options.Device);
        var rows = new TrainingTensors(table, device);
        var network = new SngpNetwork(input.ShapeOf(_options), _options, seed, device, residual => _options.KernelScale ?? KernelScaleEstimator.Estimate(residual, rows, seed));
        _monitor.Info(FormattableString.Invariant($"Training on {table.NumberOfRows} rows, {table.NumberOfFeatures} features, {table.NumberOfClasses} classes; device {device}, seed {seed}, kernel scale {network.KernelScale}."));

        new TrainingLoop(network, _options, seed).Run(rows, _monitor.Report);
        var factor = Posterior(network, rows).VarianceFactor(out var jitter);
        if (jitter > 0)
            _monitor.Warning(FormattableString.Invariant($"The posterior precision was nearly singular; {jitter} was added to its diagonal."));
        return ModelWriter.Write(SngpGraph.Build(network, factor, _options, table.Task), SngpTransformer.Method, input.Labels, _options, new TrainedValues(seed, network.KernelScale, jitter));
    }

    /// <summary>One pass over the rows with the final weights and without dropout.</summary>
    private LaplacePosterior Posterior(SngpNetwork network, TrainingTensors rows)
    {
        var posterior = new LaplacePosterior(_options.NumberOfRandomFeatures, _options.RidgePenalty, rows.Features.device);
        for (var start = 0; start < rows.NumberOfRows; start += RowsPerPosteriorBatch)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var count = Math.Min(RowsPerPosteriorBatch, rows.NumberOfRows - start);
            posterior.Add(network.RandomFeatures(rows.Features.narrow(0, start, count)), rows.Weights?.narrow(0, start, count));
        }
        return posterior;
    }
}
