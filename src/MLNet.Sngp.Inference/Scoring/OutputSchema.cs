using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>The columns that a model adds to a table.</summary>
internal static class OutputSchema
{
    public const string SlotNamesKind = "SlotNames";

    public static DataViewSchema.DetachedColumn Column(OutputColumn output, ClassLabels labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Annotate(annotations, output, labels);
        return new DataViewSchema.DetachedColumn(output.Name, ColumnType(output, labels), annotations.ToAnnotations());
    }

    private static DataViewType ColumnType(OutputColumn output, ClassLabels labels) => output.Kind switch
    {
        ColumnKind.Key or ColumnKind.Reason => new KeyDataViewType(typeof(uint), output.KeysIn(labels).Count),
        ColumnKind.Boolean => Shaped(output, BooleanDataViewType.Instance),
        _ => Shaped(output, NumberDataViewType.Single),
    };

    private static DataViewType Shaped(OutputColumn output, PrimitiveDataViewType item) =>
        output.IsVector ? new VectorDataViewType(item, output.Width) : item;

    private static void Annotate(DataViewSchema.Annotations.Builder annotations, OutputColumn output, ClassLabels labels)
    {
        if (!output.HasClassNames || output.KeysIn(labels).Values is not { } values)
            return;
        if (!output.IsVector)
            values.AddTo(annotations);
        else
            AddSlotNames(annotations, labels.Names);
    }

    private static void AddSlotNames(DataViewSchema.Annotations.Builder annotations, IReadOnlyList<string> names)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        {
            var editor = VBufferEditor.Create(ref slotNames, names.Count);
            for (var i = 0; i < names.Count; i++)
                editor.Values[i] = names[i].AsMemory();
            slotNames = editor.Commit();
        };
        annotations.Add(SlotNamesKind, new VectorDataViewType(TextDataViewType.Instance, names.Count), getter);
    }
}
