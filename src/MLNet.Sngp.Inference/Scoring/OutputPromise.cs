using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// The columns that an estimator promises before it is trained.
/// </summary>
/// <remarks>
/// ML.NET lets nobody else make a <see cref="SchemaShape.Column"/>, so each column is taken from a custom mapping whose output is declared
/// as ours is.
/// </remarks>
internal static class OutputPromise
{
    // The number of classes is no part of a SchemaShape; any will do.
    private const int SomeClasses = 2;

    /// <summary>The columns of <paramref name="input"/> and those of a model trained on its column
    /// <paramref name="labelColumnName"/>.</summary>
    /// <param name="input">The input's columns; the feature and label columns are already checked.</param>
    /// <param name="columns">The model's columns; widths do not matter.</param>
    /// <param name="labelColumnName">The label, whose key values, if it has any, are those of keys and name the classes.</param>
    public static SchemaShape Of(SchemaShape input, IReadOnlyList<OutputColumn> columns, string labelColumnName) =>
        Of(input, columns, Labels(input.Last(column => column.Name == labelColumnName)));

    /// <summary>The columns of <paramref name="input"/> and those that a model adds to what a model made.</summary>
    /// <param name="input">The columns of scored data.</param>
    /// <param name="columns">The new columns.</param>
    public static SchemaShape AfterScoring(SchemaShape input, IReadOnlyList<OutputColumn> columns)
    {
        var predicted = input.LastOrDefault(column => column.Name == ColumnNames.PredictedLabel);
        if (predicted.Name is null || predicted.IsKey || predicted.ItemType is BooleanDataViewType)
            return Of(input, columns, predicted.Name is null ? null : Labels(predicted));
        // The label was mapped back to its values; the new model gives the key again.
        var labels = LabelType.All.FirstOrDefault(type => type.Type.Equals(predicted.ItemType))?.Sample(SomeClasses);
        return Of(input, [.. columns, new OutputColumn(ColumnNames.PredictedLabel, ColumnKind.Key, HasClassNames: true)], labels);
    }

    private static SchemaShape Of(SchemaShape input, IReadOnlyList<OutputColumn> columns, LabelValues? labels)
    {
        var names = columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new SchemaShape(
            input.Where(column => !names.Contains(column.Name)).Concat(columns.Select(column => Promise(column, labels))));
    }

    private static LabelValues? Labels(SchemaShape.Column label)
    {
        var keyValues = label.Annotations.FirstOrDefault(annotation => annotation.Name == LabelValues.KeyValuesKind);
        return keyValues.Name == null || keyValues.Kind == SchemaShape.Column.VectorKind.Scalar
            ? null
            : LabelType.All.FirstOrDefault(type => type.Type.Equals(keyValues.ItemType))?.Sample(SomeClasses);
    }

    private static SchemaShape.Column Promise(OutputColumn column, LabelValues? labels) => (column.Kind, column.IsVector) switch
    {
        (ColumnKind.Key, _) => Take<KeyRow>(column, declared =>
        {
            declared.ColumnType = new KeyDataViewType(typeof(uint), SomeClasses);
            labels?.AddTo(declared);
        }),
        (ColumnKind.Reason, _) => Take<KeyRow>(column, declared =>
        {
            declared.ColumnType = new KeyDataViewType(typeof(uint), DecisionReasons.Labels.Count);
            DecisionReasons.Labels.Values!.AddTo(declared);
        }),
        (ColumnKind.Boolean, false) => Take<BooleanRow>(column, _ => { }),
        (ColumnKind.Boolean, true) =>
        Take<BooleansRow>(column, declared => DeclareVector(declared, column, BooleanDataViewType.Instance, labels)),
        (_, true) => Take<VectorRow>(column, declared => DeclareVector(declared, column, NumberDataViewType.Single, labels)),
        _ => Take<SingleRow>(column, _ => { }),
    };

    private static void DeclareVector(
        SchemaDefinition.Column declared, OutputColumn column, PrimitiveDataViewType item, LabelValues? labels)
    {
        declared.ColumnType = new VectorDataViewType(item, SomeClasses);
        if (!column.HasClassNames || labels is null)
            return;
        var names = Array.ConvertAll(labels.Names(), name => name.AsMemory());
        declared.AddAnnotation(OutputSchema.SlotNamesKind, new VBuffer<ReadOnlyMemory<char>>(names.Length, names),
            new VectorDataViewType(TextDataViewType.Instance, names.Length));
    }

    private static SchemaShape.Column Take<TRow>(OutputColumn column, Action<SchemaDefinition.Column> declare) where TRow : class, new()
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[0].ColumnName = column.Name;
        definition[0].AddAnnotation<ReadOnlyMemory<char>>(ModelAnnotation.Kind, default, TextDataViewType.Instance);
        declare(definition[0]);
        var mapping = new MLContext()
            .Transforms.CustomMapping<NoColumns, TRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition);
        return mapping.GetOutputSchema(new SchemaShape([])).Single();
    }

    private sealed class NoColumns;

    private sealed class KeyRow
    {
        public uint Value { get; set; }
    }

    private sealed class BooleanRow
    {
        public bool Value { get; set; }
    }

    private sealed class SingleRow
    {
        public float Value { get; set; }
    }

    private sealed class BooleansRow
    {
        public VBuffer<bool> Value { get; set; }
    }

    private sealed class VectorRow
    {
        public VBuffer<float> Value { get; set; }
    }
}
