using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>One training of an SNGP, from the table to the model. Frees all its native memory on every path.</summary>
internal sealed class SngpTraining
{
    private const int RowsPerPosteriorBatch = 1024;
    private readonly IHost _host;
    private readonly IChannel _channel;
    private readonly SngpTrainer.Options _options;
    private readonly int _seed;

    public SngpTraining(IHost host, IChannel channel, SngpTrainer.Options options, int seed)
    {
        _host = host;
        _channel = channel;
        _options = options;
        _seed = seed;
    }

    public UncertaintyModel Train(TrainingTable table, ClassLabels labels)
    {
        using var scope = NewDisposeScope();
        var device = TorchDevice.Of(_options.Device);
        var rows = new TrainingTensors(table, device);
        var shape = new NetworkShape(table.NumberOfFeatures, _options.NumberOfHiddenLayers, _options.NumberOfHiddenUnits, table.NumberOfClasses);
        var network = new SngpNetwork(shape, _options, _seed, device, residual => _options.KernelScale ?? KernelScaleEstimator.Estimate(residual, rows, _seed));
        _channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Training on {table.NumberOfRows} rows, {table.NumberOfFeatures} features, {table.NumberOfClasses} classes; device {device}, seed {_seed}, kernel scale {network.KernelScale}."));

        RunEpochs(network, rows);
        var factor = Posterior(network, rows).VarianceFactor(out var jitter);
        if (jitter > 0)
            _channel.Warning(MessageSensitivity.None, FormattableString.Invariant($"The posterior precision was nearly singular; {jitter} was added to its diagonal."));
        return ModelWriter.Write(SngpGraph.Build(network, factor, _options, table.Task), "Sngp", labels, _options, new TrainedValues(_seed, network.KernelScale, jitter));
    }

    private void RunEpochs(SngpNetwork network, TrainingTensors rows)
    {
        using var progress = _host.StartProgressChannel("SNGP training");
        TrainingProgress? latest = null;
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry =>
        {
            if (latest is not { } state)
                return;
            entry.SetProgress(0, state.Epoch, state.NumberOfEpochs);
            entry.SetMetric(0, state.Loss);
        });
        new TrainingLoop(network, _options, _seed).Run(rows, state =>
        {
            latest = state;
            progress.Checkpoint(state.Loss, state.Epoch);
            _options.Progress?.Report(state);
        });
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
