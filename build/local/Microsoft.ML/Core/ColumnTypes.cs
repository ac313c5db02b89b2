using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

public enum DataKind : byte
{
    SByte = 1, Byte = 2, Int16 = 3, UInt16 = 4, Int32 = 5, UInt32 = 6, Int64 = 7, UInt64 = 8,
    Single = 9, Double = 10, String = 11, Boolean = 12, TimeSpan = 13, DateTime = 14, DateTimeOffset = 15
}

/// <summary>From raw types and <see cref="DataKind"/> to column types.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<DataKind, PrimitiveDataViewType> ByKind = new()
    {
        [DataKind.SByte] = NumberDataViewType.SByte, [DataKind.Byte] = NumberDataViewType.Byte,
        [DataKind.Int16] = NumberDataViewType.Int16, [DataKind.UInt16] = NumberDataViewType.UInt16,
        [DataKind.Int32] = NumberDataViewType.Int32, [DataKind.UInt32] = NumberDataViewType.UInt32,
        [DataKind.Int64] = NumberDataViewType.Int64, [DataKind.UInt64] = NumberDataViewType.UInt64,
        [DataKind.Single] = NumberDataViewType.Single, [DataKind.Double] = NumberDataViewType.Double,
        [DataKind.String] = TextDataViewType.Instance, [DataKind.Boolean] = BooleanDataViewType.Instance,
        [DataKind.TimeSpan] = TimeSpanDataViewType.Instance, [DataKind.DateTime] = DateTimeDataViewType.Instance,
        [DataKind.DateTimeOffset] = DateTimeOffsetDataViewType.Instance,
    };

    private static readonly Dictionary<Type, PrimitiveDataViewType> ByRaw = Invert();

    public static PrimitiveDataViewType FromKind(DataKind kind) => ByKind[kind];

    /// <summary>The column type of a raw type (a string stands for text), or null.</summary>
    public static PrimitiveDataViewType FromRawOrNull(Type raw)
        => ByRaw.GetValueOrDefault(raw == typeof(string) ? typeof(ReadOnlyMemory<char>) : raw);

    public static PrimitiveDataViewType FromRaw(Type raw)
        => FromRawOrNull(raw) ?? throw new NotSupportedException($"No column type is known for {raw}.");

    public static DataKind KindOf(Type raw)
    {
        var type = FromRaw(raw);
        foreach (var pair in ByKind)
            if (pair.Value == type)
                return pair.Key;
        throw new NotSupportedException($"No data kind is known for {raw}.");
    }

    public static DataViewType GetItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>1 for a scalar, the size for a vector, 0 when that is unknown.</summary>
    public static int GetValueCount(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    private static Dictionary<Type, PrimitiveDataViewType> Invert()
    {
        var map = new Dictionary<Type, PrimitiveDataViewType> { [typeof(DataViewRowId)] = RowIdDataViewType.Instance };
        foreach (var type in ByKind.Values)
            map[type.RawType] = type;
        return map;
    }
}
