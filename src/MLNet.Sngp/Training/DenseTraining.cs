using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>One training of a network with a dense output layer, from the table to the model. Frees all its native memory on every
/// path.</summary>
internal static class DenseTraining
{
    /// <param name="method">The method's name in the model.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="input">The rows, the classes and the seed.</param>
    /// <param name="monitor">Is told of the progress.</param>
    /// <param name="build">Makes the graph of the trained network.</param>
    public static UncertaintyModel Train(string method, NetworkTrainerOptions options, TrainingInput input, TrainingMonitor monitor, Func<DenseNetwork, OnnxGraph> build)
    {
        using var scope = NewDisposeScope();
        var (rows, seed) = (input.Rows, input.Seed);
        var device = TorchDevice.Of(options.Device);
        var network = new DenseNetwork(input.ShapeOf(options), seed, device);
        monitor.Info(FormattableString.Invariant($"Training on {rows.NumberOfRows} rows, {rows.NumberOfFeatures} features, {rows.NumberOfClasses} classes; device {device}, seed {seed}."));
        var prepared = ProjectedRows.Of(input, network.Residual, options.CancellationToken);
        var course = new TrainingCourse(network, options, prepared, monitor, Checkpoint.Open(input.Checkpoint, options));
        new TrainingLoop(network, options, seed, rows.NumberOfRows).Run(prepared.Rows, monitor.Report, course);
        return ModelWriter.Write(build(network), method, input.Labels, options, new TrainedValues(seed, BestEpoch: course.BestEpoch));
    }
}
