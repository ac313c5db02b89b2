using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Reads a key column of any unsigned type, scalar or vector, as a vector of UInt32.</summary>
internal static class KeyReader
{
    public static ValueGetter<VBuffer<uint>> Make(DataViewRow row, DataViewSchema.Column column)
    {
        var raw = column.Type.GetItemType().RawType;
        if (raw == typeof(byte)) return Make<byte>(row, column);
        if (raw == typeof(ushort)) return Make<ushort>(row, column);
        if (raw == typeof(uint)) return Make<uint>(row, column);
        return Make<ulong>(row, column);
    }

    private static ValueGetter<VBuffer<uint>> Make<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var convert = (Func<T, uint>)ValueConversions.Find(ColumnTypes.FromRaw(typeof(T)), NumberDataViewType.UInt32);
        if (column.Type is VectorDataViewType)
            return VectorMap.Make(row, column, convert);
        var get = row.GetGetter<T>(column);
        T value = default;
        var key = new uint[1];
        return (ref VBuffer<uint> result) =>
        {
            get(ref value);
            key[0] = convert(value);
            result = new VBuffer<uint>(1, key);
        };
    }
}
