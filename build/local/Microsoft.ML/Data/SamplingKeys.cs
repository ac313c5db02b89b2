using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A number in [0, 1] for each value of a column: equal values, equal numbers.</summary>
internal static class SamplingKeys
{
    public static Func<DataViewRow, Func<double>> NumberOf(IDataView data, DataViewSchema.Column column)
        => Generic.CallStatic<Func<DataViewRow, Func<double>>>(typeof(SamplingKeys), nameof(Make), column.Type.RawType, data, column);

    private static Func<DataViewRow, Func<double>> Make<T>(IDataView data, DataViewSchema.Column column)
    {
        var convert = Converter<T>(data, column);
        return row =>
        {
            var getter = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                getter(ref value);
                return convert(value);
            };
        };
    }

    private static Func<T, double> Converter<T>(IDataView data, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType key)
            return value => Convert.ToUInt64(value) is var k && k != 0 ? (k - 0.5) / key.Count : double.NaN; // a missing key is in no part
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            return Scaled<T>(data, column);
        return value => Hash(TextOf(value)) / (double)(1 << 30);
    }

    private static Func<T, double> Scaled<T>(IDataView data, DataViewSchema.Column column)
    {
        var values = data.GetColumn<T>(column).Select(v => Convert.ToDouble(v)).Where(v => !double.IsNaN(v)).ToArray();
        var min = values.DefaultIfEmpty(0).Min();
        var range = values.DefaultIfEmpty(0).Max() - min;
        return value => range > 0 ? (Convert.ToDouble(value) - min) / range : 0;
    }

    private static string TextOf<T>(T value)
        => value is System.Collections.IEnumerable && value is not string
            ? value.ToString() + string.Join(",", ((System.Collections.IEnumerable)value).Cast<object>())
            : FormattableString.Invariant($"{value}");

    // FNV-1a with a final mix, 30 bits: ML.NET hashes keys to 30 bits too, with another function.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        return hash & ((1 << 30) - 1);
    }
}
