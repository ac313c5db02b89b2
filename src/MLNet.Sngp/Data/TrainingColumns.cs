using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Data;

/// <summary>Finds the columns that a trainer reads, and says what is wrong with those that it cannot use.</summary>
/// <remarks>The same checks, with the same messages, serve <c>GetOutputSchema</c> and <c>Fit</c>.</remarks>
internal sealed class TrainingColumns
{
    private TrainingColumns(ClassificationTask task, DataViewSchema.Column label, DataViewSchema.Column features, DataViewSchema.Column? weight)
    {
        Task = task;
        Label = label;
        Features = features;
        Weight = weight;
    }

    public ClassificationTask Task { get; }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Features { get; }

    public DataViewSchema.Column? Weight { get; }

    /// <summary>K: the number of the label's key values, or 2 for a Boolean.</summary>
    public int NumberOfClasses => Task == ClassificationTask.Binary ? 2 : (int)((KeyDataViewType)Label.Type).Count;

    /// <summary>The classes in the order of their numbers.</summary>
    public ClassLabels Classes => Task == ClassificationTask.Binary ? ClassLabels.Of(false, true) : ClassLabels.From(Label);

    /// <summary>d.</summary>
    public int NumberOfFeatures => ((VectorDataViewType)Features.Type).Size;

    public IEnumerable<DataViewSchema.Column> All => Weight is { } weight ? [Label, Features, weight] : [Label, Features];

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public static TrainingColumns Find(DataViewSchema schema, NetworkTrainerOptions options, ClassificationTask task = ClassificationTask.Multiclass)
    {
        var columns = new Dictionary<string, ColumnShape>();
        foreach (var column in schema)
        {
            if (!column.IsHidden)
                columns[column.Name] = ColumnShape.Of(column.Type);
        }
        Check(columns, options, task);
        var label = schema[options.LabelColumnName];
        if (label.Type is KeyDataViewType { Count: > int.MaxValue } key)
            throw Problem($"The label column '{options.LabelColumnName}' has {key.Count} possible keys, and so no known number of classes. Make the keys with Transforms.Conversion.MapValueToKey, or say how many there are with [KeyType(count)].");
        return new TrainingColumns(
            task,
            label,
            schema[options.FeatureColumnName],
            options.ExampleWeightColumnName is { } weight ? schema[weight] : null);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public static void Check(SchemaShape schema, NetworkTrainerOptions options, ClassificationTask task = ClassificationTask.Multiclass) =>
        Check(schema.ToDictionary(column => column.Name, ColumnShape.Of), options, task);

    private static void Check(Dictionary<string, ColumnShape> columns, NetworkTrainerOptions options, ClassificationTask task)
    {
        ThrowIfHidden("label", options.LabelColumnName, nameof(options.LabelColumnName), task);
        if (options.ExampleWeightColumnName is { } weightName)
            ThrowIfHidden("example weight", weightName, nameof(options.ExampleWeightColumnName), task);
        CheckLabel(Get(columns, "label", options.LabelColumnName, nameof(options.LabelColumnName)), options.LabelColumnName, task);

        var features = Get(columns, "feature", options.FeatureColumnName, nameof(options.FeatureColumnName));
        if (!features.IsVector || features.IsVariable || features.IsKey || features.ItemType != NumberDataViewType.Single)
        {
            throw Problem($"The feature column '{options.FeatureColumnName}' is {features}; it must be a vector of Single of known size. "
                + ColumnRemedies.ForFeatures(features, options.FeatureColumnName));
        }
        if (options.ExampleWeightColumnName is { } name)
        {
            var weight = Get(columns, "example weight", name, nameof(options.ExampleWeightColumnName));
            if (weight.IsVector || weight.IsKey || weight.ItemType != NumberDataViewType.Single)
                throw Problem($"The example weight column '{name}' is {weight}; it must be a Single. {ColumnRemedies.ForWeight(weight, name)}");
        }
    }

    /// <summary>A column of the transformer's would hide one of its name: predictions would be evaluated against themselves.</summary>
    private static void ThrowIfHidden(string role, string name, string option, ClassificationTask task)
    {
        string[] outputs = task == ClassificationTask.Binary
            ? [ModelOutput.PredictedLabel, ModelOutput.Probability, ModelOutput.Score, ModelOutput.Variance, ModelOutput.Uncertainty]
            : [ModelOutput.PredictedLabel, ModelOutput.Score, ModelOutput.Variance, ModelOutput.Logits, ModelOutput.Uncertainty];
        if (outputs.Contains(name))
        {
            throw Problem($"The {role} column has the name '{name}' of a column that the trained transformer adds, which would hide it. "
                + $"Copy it to a name of its own before this trainer, with Transforms.CopyColumns(\"My{name}\", \"{name}\"), and set {option} to \"My{name}\".");
        }
    }

    private static void CheckLabel(ColumnShape label, string name, ClassificationTask task)
    {
        if (task == ClassificationTask.Binary)
        {
            if (label.IsVector || label.IsKey || label.ItemType != BooleanDataViewType.Instance)
                throw Problem($"The label column '{name}' is {label}; it must be Boolean. {ColumnRemedies.ForBinaryLabel(label, name)}");
            return;
        }
        if (!label.IsKey || label.IsVector || label.ItemType != NumberDataViewType.UInt32)
            throw Problem($"The label column '{name}' is {label}; it must be a key (UInt32). {ColumnRemedies.ForLabel(label, name)}");
    }

    private static ColumnShape Get(Dictionary<string, ColumnShape> columns, string role, string name, string option) =>
        columns.TryGetValue(name, out var shape)
            ? shape
            : throw MissingColumn.Of(
                role, name, columns.Keys, $"Set {option} to one of them, or add the column to the pipeline before this trainer.");

    // ML.NET's own trainers throw this type for a schema that they cannot use.
    private static ArgumentOutOfRangeException Problem(string message) => new("input", message);
}
