using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// The columns that an estimator promises before it is trained.
/// </summary>
/// <remarks>
/// ML.NET lets nobody else make a <see cref="SchemaShape.Column"/>, so the columns are taken from a custom mapping whose
/// output is declared as ours is.
/// </remarks>
internal static class OutputPromise
{
    // The number of classes is no part of a SchemaShape; any will do.
    private const int SomeClasses = 2;

    /// <summary>
    /// The columns of <paramref name="input"/> and those of a multiclass model trained on its column <paramref name="labelColumnName"/>.
    /// </summary>
    /// <param name="input">The input's columns; the feature and label columns are already checked.</param>
    /// <param name="labelColumnName">The label, a key; its key values become those of PredictedLabel.</param>
    /// <param name="variancePerClass">Whether Variance is a vector with an element for each class.</param>
    public static SchemaShape Multiclass(SchemaShape input, string labelColumnName, bool variancePerClass = false)
    {
        var label = input.Last(column => column.Name == labelColumnName);
        var keyValues = label.Annotations.FirstOrDefault(annotation => annotation.Name == LabelValues.KeyValuesKind);
        var type = keyValues.Name == null || keyValues.Kind == SchemaShape.Column.VectorKind.Scalar
            ? null
            : LabelType.All.FirstOrDefault(type => type.Type.Equals(keyValues.ItemType));
        var labels = type?.Sample(SomeClasses);
        return variancePerClass ? Add<VariancePerClassRow>(input, labels) : Add<MulticlassRow>(input, labels);
    }

    /// <summary>The columns of <paramref name="input"/> and those of a binary model.</summary>
    public static SchemaShape Binary(SchemaShape input) => Add<BinaryRow>(input, null);

    private static SchemaShape Add<TRow>(SchemaShape input, LabelValues? labels) where TRow : class, new()
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        foreach (var column in definition)
            Declare(column, labels);
        var mapping = new MLContext().Transforms.CustomMapping<NoColumns, TRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition);
        var added = mapping.GetOutputSchema(new SchemaShape([]));
        var names = added.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new SchemaShape(input.Where(column => !names.Contains(column.Name)).Concat(added));
    }

    private static void Declare(SchemaDefinition.Column column, LabelValues? labels)
    {
        column.AddAnnotation<ReadOnlyMemory<char>>(ModelAnnotation.Kind, default, TextDataViewType.Instance);
        if (column.ColumnName == ModelOutput.PredictedLabel && column.ColumnType is not BooleanDataViewType)
        {
            column.ColumnType = new KeyDataViewType(typeof(uint), SomeClasses);
            labels?.AddTo(column);
        }
        else if (column.ColumnType is VectorDataViewType)
        {
            column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, SomeClasses);
            if (labels != null)
            {
                var names = Array.ConvertAll(labels.Names(), name => name.AsMemory());
                column.AddAnnotation(OutputSchema.SlotNamesKind, new VBuffer<ReadOnlyMemory<char>>(names.Length, names),
                    new VectorDataViewType(TextDataViewType.Instance, names.Length));
            }
        }
    }

    private sealed class NoColumns;

    private class MulticlassRow
    {
        public uint PredictedLabel { get; set; }

        public VBuffer<float> Score { get; set; }

        public float Variance { get; set; }

        public VBuffer<float> Logits { get; set; }

        public float Uncertainty { get; set; }
    }

    private class VariancePerClassRow
    {
        public uint PredictedLabel { get; set; }

        public VBuffer<float> Score { get; set; }

        public VBuffer<float> Variance { get; set; }

        public VBuffer<float> Logits { get; set; }

        public float Uncertainty { get; set; }
    }

    private class BinaryRow
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public float Score { get; set; }

        public float Variance { get; set; }

        public float Uncertainty { get; set; }
    }
}
