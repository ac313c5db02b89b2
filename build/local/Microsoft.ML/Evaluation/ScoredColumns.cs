using System;

namespace Microsoft.ML.Data;

/// <summary>Finds and reads the columns that evaluators need.</summary>
internal static class ScoredColumns
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) => schema.GetColumnOrNull(name)
        ?? throw new ArgumentOutOfRangeException(nameof(schema), $"{name} column '{role}' not found");

    public static Exception WrongType(string role, DataViewSchema.Column column, string expected) => new ArgumentOutOfRangeException(
        "schema", $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");

    /// <summary>Reads a label as a number: keys become 0, 1, …, a missing key NaN, true 1.</summary>
    public static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType key)
        {
            if (key.RawType == typeof(byte)) return FromKey<byte>(row, column, key.Count, v => v);
            if (key.RawType == typeof(ushort)) return FromKey<ushort>(row, column, key.Count, v => v);
            if (key.RawType == typeof(uint)) return FromKey<uint>(row, column, key.Count, v => v);
            return FromKey<ulong>(row, column, key.Count, v => v);
        }
        if (column.Type.RawType == typeof(bool)) return From<bool>(row, column, v => v ? 1 : 0);
        if (column.Type.RawType == typeof(double)) return From<double>(row, column, v => (float)v);
        return row.GetGetter<float>(column);
    }

    private static ValueGetter<float> FromKey<T>(DataViewRow row, DataViewSchema.Column column, ulong count, Func<T, ulong> raw)
        => From<T>(row, column, v => raw(v) is var k && k > 0 && k <= count ? k - 1 : float.NaN);

    private static ValueGetter<float> From<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return (ref float label) =>
        {
            get(ref value);
            label = convert(value);
        };
    }
}
