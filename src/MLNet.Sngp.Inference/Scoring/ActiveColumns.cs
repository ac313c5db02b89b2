using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>Which columns of a scored table are wanted, and which columns of its input that takes.</summary>
internal static class ActiveColumns
{
    /// <summary>For each column of <paramref name="schema"/>, whether it is among <paramref name="columns"/>.</summary>
    /// <exception cref="ArgumentException">One of them is not a column of the schema.</exception>
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
                throw new ArgumentException($"Column '{column.Name}' (index {column.Index}) is not of this table. Take the columns from the table's own Schema.", nameof(columns));
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The active columns of the input, and <paramref name="featureColumn"/> when rows are scored.</summary>
    public static List<DataViewSchema.Column> ToInput(DataViewSchema input, bool[] active, DataViewSchema.Column? featureColumn) =>
        [.. input.Where(column => active[column.Index] || column.Index == featureColumn?.Index)];
}
