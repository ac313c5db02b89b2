using System.Reflection;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Export;

/// <summary>Completes a graph by its metadata and makes a model of it.</summary>
internal static class ModelWriter
{
    // The observers of a training and where it kept its state are no part of the model.
    private static readonly string[] NotOptions =
    [
        nameof(NetworkTrainerOptions.Progress), nameof(NetworkTrainerOptions.CancellationToken),
        nameof(NetworkTrainerOptions.CheckpointPath), nameof(NetworkTrainerOptions.CheckpointEvery),
    ];

    // Of use to a reader only where they are set.
    private static readonly string[] LeftOutWhenNull = [nameof(NetworkTrainerOptions.ValidationFraction), nameof(NetworkTrainerOptions.Patience), nameof(NetworkTrainerOptions.MaximumRowsInMemory)];

    public static UncertaintyModel Write(OnnxGraph graph, string method, ClassLabels labels, NetworkTrainerOptions options, TrainedValues values)
    {
        var metadata = ModelMetadata.Create(method, options.FeatureColumnName, labels, Describe(options, values));
        return new UncertaintyModel(graph.ToModel("MLNet.Sngp", metadata.LibraryVersion, metadata.ToProperties()));
    }

    /// <summary>The options in the order of their names, with what the training decided in place of what was left open.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Describe(NetworkTrainerOptions options, TrainedValues values)
    {
        var all = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => !NotOptions.Contains(property.Name))
            .ToDictionary(property => property.Name, property => property.GetValue(options));
        foreach (var name in LeftOutWhenNull.Where(name => all[name] is null))
            all.Remove(name);
        all[nameof(TrainedValues.Seed)] = values.Seed;
        if (values.KernelScale is { } scale)
            all[nameof(TrainedValues.KernelScale)] = scale;
        if (values.Jitter is { } jitter)
            all[nameof(TrainedValues.Jitter)] = jitter;
        if (values.BestEpoch is { } epoch)
            all[nameof(TrainedValues.BestEpoch)] = epoch;
        return all.OrderBy(pair => pair.Key, StringComparer.Ordinal);
    }
}
