using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp;

/// <summary>The names of a vector column's slots.</summary>
internal static class SlotNames
{
    /// <summary>A name for each slot, empty where it has none.</summary>
    /// <param name="column">A vector of known size.</param>
    public static string[] Of(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (column.HasSlotNames())
            column.GetSlotNames(ref names);
        return [.. Enumerable.Range(0, ((VectorDataViewType)column.Type).Size)
            .Select(slot => slot < names.Length ? names.GetItemOrDefault(slot).ToString() : "")];
    }

    /// <summary>How messages name a slot: its number from 0, and its name where it has one.</summary>
    public static string Describe(DataViewSchema.Column column, int slot) =>
        FormattableString.Invariant($"slot {slot}") + (Of(column)[slot] is { Length: > 0 } name ? $" ('{name}')" : "");
}
