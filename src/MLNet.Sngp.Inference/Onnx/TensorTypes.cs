using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>The types of columns that tensors can hold.</summary>
internal static class TensorTypes
{
    private static readonly Dictionary<Type, TensorProto.Types.DataType> Types = new()
    {
        [typeof(ReadOnlyMemory<char>)] = TensorProto.Types.DataType.String,
        [typeof(bool)] = TensorProto.Types.DataType.Bool,
        [typeof(float)] = TensorProto.Types.DataType.Float,
        [typeof(double)] = TensorProto.Types.DataType.Double,
        [typeof(sbyte)] = TensorProto.Types.DataType.Int8,
        [typeof(byte)] = TensorProto.Types.DataType.Uint8,
        [typeof(short)] = TensorProto.Types.DataType.Int16,
        [typeof(ushort)] = TensorProto.Types.DataType.Uint16,
        [typeof(int)] = TensorProto.Types.DataType.Int32,
        [typeof(uint)] = TensorProto.Types.DataType.Uint32,
        [typeof(long)] = TensorProto.Types.DataType.Int64,
        [typeof(ulong)] = TensorProto.Types.DataType.Uint64,
    };

    /// <summary>The type of the elements of a column, or null when tensors cannot hold it.</summary>
    public static TensorProto.Types.DataType? Of(DataViewType type) =>
        Types.TryGetValue((type as VectorDataViewType)?.ItemType.RawType ?? type.RawType, out var found) ? found : null;
}
