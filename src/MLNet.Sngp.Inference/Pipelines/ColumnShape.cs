using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp;

/// <summary>What checks need to know of a column's type; comes from a schema or from the promise of one.</summary>
internal readonly record struct ColumnShape(DataViewType ItemType, bool IsKey, bool IsVector, bool IsVariable)
{
    public static ColumnShape Of(SchemaShape.Column column) => new(
        column.ItemType,
        column.IsKey,
        column.Kind != SchemaShape.Column.VectorKind.Scalar,
        column.Kind == SchemaShape.Column.VectorKind.VariableVector);

    public static ColumnShape Of(DataViewType type)
    {
        var vector = type as VectorDataViewType;
        var item = vector?.ItemType ?? type;
        return new(item is KeyDataViewType ? KeyItem(item.RawType) : item, item is KeyDataViewType, vector != null, vector
            is { IsKnownSize: false });
    }

    public override string ToString()
    {
        var item = IsKey ? $"a key ({ItemType})" : $"{ItemType}";
        return IsVariable ? $"a vector of {item} of unknown size" : IsVector ? $"a vector of {item}" : item;
    }

    private static DataViewType KeyItem(Type rawType) =>
        rawType == typeof(uint) ? NumberDataViewType.UInt32
        : rawType == typeof(byte) ? NumberDataViewType.Byte
        : rawType == typeof(ushort) ? NumberDataViewType.UInt16
        : NumberDataViewType.UInt64;
}
