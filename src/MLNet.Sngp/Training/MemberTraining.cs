using System.Globalization;
using MLNet.Sngp.Heads;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>One training of one network, from the rows to its graph. Frees all its native memory on every path.</summary>
internal static class MemberTraining
{
    /// <param name="options">The trainer's options.</param>
    /// <param name="input">The rows, the likelihood and the seed.</param>
    /// <param name="monitor">Is told of the progress.</param>
    /// <param name="values">What the training decided.</param>
    public static MemberGraph Train(SngpOptions options, TrainingInput input, TrainingMonitor monitor, out TrainedValues values)
    {
        using var scope = NewDisposeScope();
        var (rows, seed) = (input.Rows, input.Seed);
        var device = TorchDevice.Of(options.Training.Device);
        var checkpoint = Checkpoint.Open(input.Checkpoint, options.Training);
        using var network = Create(options, input, device, monitor, checkpoint);
        monitor.Info(string.Create(CultureInfo.InvariantCulture,
            $"Training on {rows.NumberOfRows} rows, {rows.NumberOfFeatures} features, {Classes(input)}device {device}, seed "
            + $"{seed}{Chosen(network)}."));

        var prepared = ProjectedRows.Of(input, network, options.Training);
        var gathering = network.Head is GaussianProcessHead ? new PosteriorGathering(network, options) : null;
        var course = new TrainingCourse(network, options, prepared, monitor, checkpoint, gathering);
        new TrainingLoop(network, options.Training, seed, rows.NumberOfRows).Run(prepared.Rows, monitor.Report, course);
        gathering?.AfterTraining(prepared.PosteriorRows ?? prepared.Rows);
        var noise = NoiseEstimate.Of(network, prepared, gathering, course.BestLoss, options.Training.CancellationToken);
        var state = gathering?.State();
        var variance = gathering?.Finish(monitor, noise ?? 1);
        var reference = variance is null ? (double?)null : gathering!.ReferenceOf(variance, prepared.Rows, seed);
        values = new TrainedValues(seed, network.Head.Choices, variance?.Jitter, course.BestEpoch)
        {
            VarianceReference = reference * input.Likelihood.VarianceUnit(options.Posterior),
            NoiseVariance = noise * input.Likelihood.NoiseUnit,
        };
        var graph = new OnnxGraphBuilder(new OnnxGraph(options.Method));
        var features = graph.Graph.Input(options.FeatureColumnName, rows.NumberOfFeatures);
        state?.AddTo(graph.Graph);
        return new MemberGraph(graph, network.AddTo(graph, features, variance, options.NumberOfDropoutPasses, seed),
            options.Posterior.FarRowFactor > 0 ? reference : null, noise);
    }

    /// <summary>A network with its initial weights and its kernel scale.</summary>
    public static Network Create(
        SngpOptions options, TrainingInput input, Device device, TrainingMonitor monitor, Checkpoint? checkpoint = null) =>
        Network.Create(options, input.Likelihood, input.RowShape, input.NumberOfOutputs, input.Seed, device, hidden =>
            options.GaussianProcess.KernelScale ?? checkpoint?.Number(nameof(GaussianProcessOptions.KernelScale))
            ?? KernelScaleEstimator.Estimate(hidden, input.Rows, device, input.Seed, monitor.Warning,
                options.Training.CancellationToken.ThrowIfCancellationRequested),
            backbone => backbone.Adapt(input.Rows, options.Training.CancellationToken.ThrowIfCancellationRequested));

    private static string Classes(TrainingInput input) => input.Classes is { } classes ? $"{classes.Count} classes; " : "";

    private static string Chosen(Network network) => network.Head is GaussianProcessHead { KernelScale: var scale }
        ? FormattableString.Invariant($", kernel scale {scale}") : "";
}
