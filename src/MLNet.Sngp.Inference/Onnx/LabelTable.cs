using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MLNet.Sngp.Onnx;

/// <summary>The classes of a model as a constant from which a key takes its value: key 0, missing, comes first.</summary>
internal static class LabelTable
{
    /// <summary>A tensor of shape [number of classes + 1]. Dates and time spans are text, because tensors cannot hold them.</summary>
    public static TensorProto Create(string name, LabelValues values)
    {
        var tensor = values.Type.RawType switch
        {
            var type when type == typeof(bool) => Tensor(values, TensorProto.Types.DataType.Bool, false),
            var type when type == typeof(float) => Tensor(values, TensorProto.Types.DataType.Float, float.NaN),
            var type when type == typeof(double) => Tensor(values, TensorProto.Types.DataType.Double, double.NaN),
            var type when type == typeof(sbyte) => Tensor<sbyte>(values, TensorProto.Types.DataType.Int8, 0),
            var type when type == typeof(byte) => Tensor<byte>(values, TensorProto.Types.DataType.Uint8, 0),
            var type when type == typeof(short) => Tensor<short>(values, TensorProto.Types.DataType.Int16, 0),
            var type when type == typeof(ushort) => Tensor<ushort>(values, TensorProto.Types.DataType.Uint16, 0),
            var type when type == typeof(int) => Tensor(values, TensorProto.Types.DataType.Int32, 0),
            var type when type == typeof(uint) => Tensor(values, TensorProto.Types.DataType.Uint32, 0u),
            var type when type == typeof(long) => Tensor(values, TensorProto.Types.DataType.Int64, 0L),
            var type when type == typeof(ulong) => Tensor(values, TensorProto.Types.DataType.Uint64, 0UL),
            _ => Text(values),
        };
        tensor.Name = name;
        tensor.Dims.Add(values.Count + 1);
        return tensor;
    }

    private static TensorProto Tensor<T>(LabelValues values, TensorProto.Types.DataType type, T missing)
        where T : unmanaged
    {
        T[] table = [missing, .. Enumerable.Range(0, values.Count).Select(i => (T)values[i])];
        return new TensorProto { DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(table.AsSpan())) };
    }

    private static TensorProto Text(LabelValues values)
    {
        var tensor = new TensorProto { DataType = (int)TensorProto.Types.DataType.String };
        tensor.StringData.Add(ByteString.Empty);
        tensor.StringData.AddRange(values.Names().Select(ByteString.CopyFromUtf8));
        return tensor;
    }
}
