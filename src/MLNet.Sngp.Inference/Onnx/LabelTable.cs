using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MLNet.Sngp.Onnx;

/// <summary>The classes of a model as a constant from which a key takes its value: key 0, missing, comes first.</summary>
internal static class LabelTable
{
    /// <summary>A tensor of shape [number of classes + 1]. Dates and time spans are text, because tensors cannot hold them.</summary>
    public static TensorProto Create(string name, LabelValues values)
    {
        var tensor = TensorTypes.Of(values.Type) switch
        {
            TensorProto.Types.DataType.Bool => Tensor(values, false),
            TensorProto.Types.DataType.Float => Tensor(values, float.NaN),
            TensorProto.Types.DataType.Double => Tensor(values, double.NaN),
            TensorProto.Types.DataType.Int8 => Tensor<sbyte>(values, 0),
            TensorProto.Types.DataType.Uint8 => Tensor<byte>(values, 0),
            TensorProto.Types.DataType.Int16 => Tensor<short>(values, 0),
            TensorProto.Types.DataType.Uint16 => Tensor<ushort>(values, 0),
            TensorProto.Types.DataType.Int32 => Tensor(values, 0),
            TensorProto.Types.DataType.Uint32 => Tensor(values, 0u),
            TensorProto.Types.DataType.Int64 => Tensor(values, 0L),
            TensorProto.Types.DataType.Uint64 => Tensor(values, 0UL),
            _ => Text(values),
        };
        tensor.Name = name;
        tensor.Dims.Add(values.Count + 1);
        return tensor;
    }

    private static TensorProto Tensor<T>(LabelValues values, T missing)
        where T : unmanaged
    {
        T[] table = [missing, .. Enumerable.Range(0, values.Count).Select(i => (T)values[i])];
        return new TensorProto { DataType = (int)TensorTypes.Of(values.Type)!, RawData =
            ByteString.CopyFrom(MemoryMarshal.AsBytes(table.AsSpan())) };
    }

    private static TensorProto Text(LabelValues values)
    {
        var tensor = new TensorProto { DataType = (int)TensorProto.Types.DataType.String };
        tensor.StringData.Add(ByteString.Empty);
        tensor.StringData.AddRange(values.Names().Select(ByteString.CopyFromUtf8));
        return tensor;
    }
}
