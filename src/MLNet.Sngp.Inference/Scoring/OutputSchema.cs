using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>The columns that a model adds to a table.</summary>
internal static class OutputSchema
{
    public const string SlotNamesKind = "SlotNames";

    public static DataViewSchema.DetachedColumn Column(ModelOutput output, ClassLabels labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Annotate(annotations, output, labels);
        return new DataViewSchema.DetachedColumn(output.Name, ColumnType(output, labels), annotations.ToAnnotations());
    }

    private static DataViewType ColumnType(ModelOutput output, ClassLabels labels) => output.Type switch
    {
        ModelOutputType.UInt32 => new KeyDataViewType(typeof(uint), labels.Count),
        ModelOutputType.Boolean => BooleanDataViewType.Instance,
        _ => output.IsPerClass ? new VectorDataViewType(NumberDataViewType.Single, output.Width) : NumberDataViewType.Single,
    };

    private static void Annotate(DataViewSchema.Annotations.Builder annotations, ModelOutput output, ClassLabels labels)
    {
        if (output.Type == ModelOutputType.UInt32)
            labels.Values?.AddTo(annotations);
        else if (output.IsPerClass && labels.Values != null)
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
