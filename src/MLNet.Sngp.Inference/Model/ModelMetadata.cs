using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp;

/// <summary>What a model says about itself in the <c>metadata_props</c> of its ONNX graph.</summary>
/// <param name="LibraryVersion">The version of the library that wrote the model.</param>
/// <param name="Method">The method that made it, such as <c>Sngp</c>.</param>
/// <param name="FeatureColumnName">The name of the feature column, which is also the graph's input.</param>
/// <param name="Columns">The columns that the model adds, in their order; read, they have no widths yet.</param>
/// <param name="Labels">The classes; null where the model tells none apart.</param>
/// <param name="Options">The trainer's options as JSON.</param>
internal sealed record ModelMetadata(string LibraryVersion, string Method, string FeatureColumnName, IReadOnlyList<OutputColumn> Columns,
    ClassLabels? Labels, string Options)
{
    public const string CurrentFormat = "2";

    /// <summary>Marks a graph that is a whole pipeline; what it offers is listed there.</summary>
    public const string PipelineKey = Prefix + "pipeline";

    private const string Prefix = "mlnet_sngp.";
    private const string FormatKey = Prefix + "format";
    private const string VersionKey = Prefix + "version";
    private const string MethodKey = Prefix + "method";
    private const string FeatureColumnKey = Prefix + "feature_column";
    private const string ColumnsKey = Prefix + "columns";
    private const string LabelsKey = Prefix + "labels";
    private const string OptionsKey = Prefix + "options";

    /// <summary>Describes a new model, written by this version of the library.</summary>
    /// <param name="method">See <see cref="Method"/>.</param>
    /// <param name="featureColumnName">See <see cref="FeatureColumnName"/>.</param>
    /// <param name="columns">See <see cref="Columns"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <param name="options">Name and value of each option: null, text, a number, a truth value, or an enumeration.</param>
    public static ModelMetadata Create(
        string method, string featureColumnName, IReadOnlyList<OutputColumn> columns, ClassLabels? labels,
            IEnumerable<KeyValuePair<string, object?>> options)
    {
        var version = typeof(ModelMetadata).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        return new ModelMetadata(version, method, featureColumnName, columns, labels, ToJson(options));
    }

    /// <summary>The metadata as key and value, in a fixed order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToProperties() =>
    [
        new(FormatKey, CurrentFormat),
        new(VersionKey, LibraryVersion),
        new(MethodKey, Method),
        new(FeatureColumnKey, FeatureColumnName),
        new(ColumnsKey, OutputColumn.ToJson(Columns)),
        .. Labels is null ? [] : new KeyValuePair<string, string>[] { new(LabelsKey, Labels.ToJson()) },
        new(OptionsKey, Options),
    ];

    /// <summary>Says of a graph that has metadata which columns it gives now.</summary>
    public static void SetColumns(ModelProto model, IEnumerable<OutputColumn> columns) =>
        model.MetadataProps.Single(property => property.Key == ColumnsKey).Value = OutputColumn.ToJson(columns);

    /// <summary>Gives options of a graph that has metadata other values, in their places.</summary>
    public static void SetOptions(ModelProto model, params (string Name, double Value)[] options)
    {
        var property = model.MetadataProps.Single(property => property.Key == OptionsKey);
        var all = JsonNode.Parse(property.Value)!.AsObject();
        foreach (var (name, value) in options)
            all[name] = value;
        property.Value = ToJson(all.Select(option => new KeyValuePair<string, object?>(option.Key, Value(option.Value))));

        static object? Value(JsonNode? node) => node?.GetValueKind() switch
        {
            null or JsonValueKind.Null => null,
            JsonValueKind.True or JsonValueKind.False => node.GetValue<bool>(),
            JsonValueKind.Number when long.TryParse(node.ToJsonString(), CultureInfo.InvariantCulture, out var whole) => whole,
            JsonValueKind.Number => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
            _ => node.ToString(),
        };
    }

    /// <summary>Whether <paramref name="properties"/> are those of a model of ours, of whatever format.</summary>
    public static bool IsPresentIn(IReadOnlyDictionary<string, string> properties) => properties.ContainsKey(FormatKey);

    /// <exception cref="ModelFormatException">Something is missing or cannot be read.</exception>
    public static ModelMetadata Parse(IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(FormatKey, out var format))
            throw new ModelFormatException($"The ONNX model has no '{FormatKey}' among its metadata: another program wrote it. "
                + "Give a file that SaveAsOnnx wrote; any other ONNX model can be scored with mlContext.Transforms.ApplyOnnxModel.");
        if (format != CurrentFormat)
            throw new ModelFormatException(
                $"The model is of format '{format}' and this version of the library reads format '{CurrentFormat}'. "
                + (format.Length == 1 && format[0] < CurrentFormat[0] ? "Train the model again." : "Update MLNet.Sngp.Inference."));
        if (properties.ContainsKey(PipelineKey))
            throw new ModelFormatException(
                "The ONNX file is a whole pipeline, whose inputs are raw columns. Score it with mlContext.Transforms.ApplyOnnxModel; "
                + "to load the model alone, save it with SaveAsOnnx of the transformer.");
        try
        {
            return new ModelMetadata(Get(VersionKey), Get(MethodKey), Get(FeatureColumnKey), OutputColumn.FromJson(Get(ColumnsKey)),
                properties.TryGetValue(LabelsKey, out var labels) ? ClassLabels.FromJson(labels) : null, Get(OptionsKey));
        }
        catch (FormatException exception) when (exception is not ModelFormatException)
        {
            throw new ModelFormatException(
                $"The model's metadata is damaged ({exception.Message}). Save the model again with SaveAsOnnx.", exception);
        }

        string Get(string key) => properties.TryGetValue(key, out var value) && value.Length > 0
            ? value
            : throw new ModelFormatException(
            $"The model's metadata has no '{key}'. The file is damaged: save the model again with SaveAsOnnx.");
    }

    /// <summary>The options as text in the invariant culture; those that are null are left out.</summary>
    /// <exception cref="ModelFormatException">They are not a JSON object.</exception>
    public IReadOnlyDictionary<string, string> ReadOptions()
    {
        try
        {
            using var document = JsonDocument.Parse(Options);
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var option in document.RootElement.EnumerateObject())
            {
                if (option.Value.ValueKind != JsonValueKind.Null)
                    options[option.Name] = option.Value.ToString();
            }
            return new ReadOnlyDictionary<string, string>(options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(
                $"The model's options cannot be read ({exception.Message}). The file is damaged: save the model again with SaveAsOnnx.",
                exception);
        }
    }

    private static string ToJson(IEnumerable<KeyValuePair<string, object?>> options)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in options)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
