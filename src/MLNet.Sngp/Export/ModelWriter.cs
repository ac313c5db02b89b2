using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Export;

/// <summary>Completes a graph by its metadata and makes a model of it.</summary>
internal static class ModelWriter
{
    // The observers of a training are no part of the model.
    private static readonly string[] NotOptions = [nameof(NetworkTrainerOptions.Progress), nameof(NetworkTrainerOptions.CancellationToken)];

    public static UncertaintyModel Write(OnnxGraph graph, ClassLabels labels, NetworkTrainerOptions options, TrainedValues values)
    {
        var version = typeof(ModelWriter).Assembly.GetName().Version!.ToString(3);
        KeyValuePair<string, string>[] metadata =
        [
            new(ModelMetadata.FormatKey, ModelMetadata.CurrentFormat),
            new(ModelMetadata.VersionKey, version),
            new(ModelMetadata.MethodKey, "Sngp"),
            new(ModelMetadata.FeatureColumnKey, options.FeatureColumnName),
            new(ModelMetadata.LabelsKey, labels.ToJson()),
            new(ModelMetadata.OptionsKey, ToJson(options, values)),
        ];
        return new UncertaintyModel(graph.ToModel("MLNet.Sngp", version, metadata).ToByteArray());
    }

    /// <summary>The options in the order of their names, with what the training decided in place of what was left open.</summary>
    private static string ToJson(NetworkTrainerOptions options, TrainedValues values)
    {
        var all = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => !NotOptions.Contains(property.Name))
            .ToDictionary(property => property.Name, property => property.GetValue(options));
        all[nameof(TrainedValues.Seed)] = values.Seed;
        all[nameof(TrainedValues.KernelScale)] = values.KernelScale;
        all[nameof(TrainedValues.Jitter)] = values.Jitter;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in all.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                WriteProperty(writer, name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNull(name); break;
            case bool flag: writer.WriteBoolean(name, flag); break;
            case int number: writer.WriteNumber(name, number); break;
            case double number: writer.WriteNumber(name, number); break;
            default: writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
