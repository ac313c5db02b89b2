using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The KeyValues annotation: what each key of a column stands for.</summary>
internal static class KeyValues
{
    /// <summary>The item type of a key column's values, or null when it has none that fit its count.</summary>
    public static PrimitiveDataViewType Find(DataViewSchema.Column column, KeyDataViewType key)
        => column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType vector && vector.Size > 0 && (ulong)vector.Size == key.Count
            ? vector.ItemType : null;

    public static void Add<T>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType type, T[] values, bool asText)
    {
        if (asText && type is not TextDataViewType)
        {
            var text = ValueText.Writer<T>();
            Add(builder, TextDataViewType.Instance, Array.ConvertAll(values, v => text(v).AsMemory()), false);
            return;
        }
        builder.Add(AnnotationKinds.KeyValues, new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> result) => new VBuffer<T>(values.Length, values).CopyTo(ref result));
    }
}
