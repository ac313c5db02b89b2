using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp.Data;

/// <summary>Finds the columns that a trainer reads, and says what is wrong with those that it cannot use.</summary>
/// <remarks>The same checks, with the same messages, serve <c>GetOutputSchema</c> and <c>Fit</c>.</remarks>
internal sealed class TrainingColumns
{
    private TrainingColumns(
        Likelihood likelihood, DataViewSchema.Column label, DataViewSchema.Column features, DataViewSchema.Column? weight)
    {
        Labels = likelihood.Labels;
        Label = label;
        Features = features;
        Weight = weight;
        Classes = Labels.Classes(label);
    }

    /// <summary>How the label column is read.</summary>
    public LabelReader Labels { get; }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Features { get; }

    public DataViewSchema.Column? Weight { get; }

    /// <summary>The classes in the order of their numbers; null where labels are none.</summary>
    public ClassLabels? Classes { get; }

    /// <summary>K; 0 where labels are no classes.</summary>
    public int NumberOfClasses => Classes?.Count ?? 0;

    /// <summary>The dimensions of a row of features, as the column's type states them.</summary>
    public long[] RowShape => [.. ((VectorDataViewType)Features.Type).Dimensions.Select(size => (long)size)];

    /// <summary>d.</summary>
    public int NumberOfFeatures => ((VectorDataViewType)Features.Type).Size;

    public IEnumerable<DataViewSchema.Column> All => Weight is { } weight ? [Label, Features, weight] : [Label, Features];

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public static TrainingColumns Find(DataViewSchema schema, SngpOptions options, Likelihood likelihood)
    {
        Check(ColumnShapes.Of(schema), options, likelihood);
        return new TrainingColumns(
            likelihood,
            schema[options.LabelColumnName],
            schema[options.FeatureColumnName],
            options.ExampleWeightColumnName is { } weight ? schema[weight] : null);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public static void Check(SchemaShape schema, SngpOptions options, Likelihood likelihood) =>
        Check(ColumnShapes.Of(schema), options, likelihood);

    private static void Check(ColumnShapes columns, SngpOptions options, Likelihood likelihood)
    {
        // How many there are of each does not matter here.
        string[] outputs = [.. likelihood.Columns(options, likelihood.CountOutputs(2)).Select(column => column.Name)];
        ThrowIfHidden("label", options.LabelColumnName, nameof(options.LabelColumnName), outputs);
        if (options.ExampleWeightColumnName is { } weightName)
            ThrowIfHidden("example weight", weightName, nameof(options.ExampleWeightColumnName), outputs);
        var label = Get(columns, "label", options.LabelColumnName, nameof(options.LabelColumnName));
        if (likelihood.Labels.Complaint(label, options.LabelColumnName) is { } complaint)
            throw Problem(complaint);

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
                throw Problem(
                    $"The example weight column '{name}' is {weight}; it must be a Single. {ColumnRemedies.ForWeight(weight, name)}");
        }
    }

    /// <summary>A column of the transformer's would hide one of its name: predictions would be evaluated against themselves.</summary>
    private static void ThrowIfHidden(string role, string name, string option, string[] outputs)
    {
        if (outputs.Contains(name))
        {
            throw Problem($"The {role} column has the name '{name}' of a column that the trained transformer adds, which would hide it. "
                + $"Copy it to a name of its own before this trainer, with Transforms.CopyColumns(\"My{name}\", \"{name}\"), and set "
                + $"{option} to \"My{name}\".");
        }
    }

    private static ColumnShape Get(ColumnShapes columns, string role, string name, string option) =>
        columns.Find(role, name, $"Set {option} to one of them, or add the column to the pipeline before this trainer.");

    // ML.NET's own trainers throw this type for a schema that they cannot use.
    private static ArgumentOutOfRangeException Problem(string message) => new("input", message);
}
