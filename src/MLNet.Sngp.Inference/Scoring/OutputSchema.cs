using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>The columns that a model adds to a table.</summary>
internal static class OutputSchema
{
    public const string SlotNamesKind = "SlotNames";

    /// <summary>The input's columns followed by the model's. Columns of the input that have the name of one of the model's are hidden.</summary>
    public static DataViewSchema Create(DataViewSchema input, UncertaintyModel model)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input);
        foreach (var output in model.Outputs)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            Annotate(annotations, output, model.Labels);
            schema.AddColumn(output.Name, ColumnType(output, model.Labels), annotations.ToAnnotations());
        }
        return schema.ToSchema();
    }

    public static DataViewType ColumnType(ModelOutput output, ClassLabels labels) => output.Type switch
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
