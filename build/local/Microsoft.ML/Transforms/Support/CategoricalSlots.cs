using System;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The annotation that says which runs of slots belong to one categorical column: pairs of first and last slot.</summary>
internal static class CategoricalSlots
{
    public const string Kind = "CategoricalSlotRanges";

    /// <summary>The ranges, or null when the column has none that fit its size.</summary>
    public static int[] Find(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { Size: > 0 } slots
            || column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not VectorDataViewType { Size: > 0 } vector
            || !vector.ItemType.Equals(NumberDataViewType.Int32))
            return null;
        var ranges = default(VBuffer<int>);
        column.Annotations.GetValue(Kind, ref ranges);
        var all = ranges.DenseValues().ToArray();
        bool ordered = all.Length % 2 == 0 && all.All(i => i >= 0 && i < slots.Size)
            && Enumerable.Range(0, all.Length / 2).All(i => all[2 * i] <= all[2 * i + 1] && (i == 0 || all[2 * i - 1] < all[2 * i]));
        return ordered ? all : null;
    }

    public static void Add(DataViewSchema.Annotations.Builder builder, int[] ranges)
        => builder.Add(Kind, new VectorDataViewType(NumberDataViewType.Int32, ranges.Length / 2, 2),
            (ref VBuffer<int> result) => new VBuffer<int>(ranges.Length, ranges.ToArray()).CopyTo(ref result));
}
