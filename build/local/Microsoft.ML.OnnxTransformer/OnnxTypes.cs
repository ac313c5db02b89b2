using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Column types of tensors.</summary>
internal static class OnnxTypes
{
    private static readonly Dictionary<TensorProto.Types.DataType, PrimitiveDataViewType> Items = new()
    {
        [TensorProto.Types.DataType.Bool] = BooleanDataViewType.Instance,
        [TensorProto.Types.DataType.Int8] = NumberDataViewType.SByte,
        [TensorProto.Types.DataType.Uint8] = NumberDataViewType.Byte,
        [TensorProto.Types.DataType.Int16] = NumberDataViewType.Int16,
        [TensorProto.Types.DataType.Uint16] = NumberDataViewType.UInt16,
        [TensorProto.Types.DataType.Int32] = NumberDataViewType.Int32,
        [TensorProto.Types.DataType.Uint32] = NumberDataViewType.UInt32,
        [TensorProto.Types.DataType.Int64] = NumberDataViewType.Int64,
        [TensorProto.Types.DataType.Uint64] = NumberDataViewType.UInt64,
        [TensorProto.Types.DataType.Float] = NumberDataViewType.Single,
        [TensorProto.Types.DataType.Double] = NumberDataViewType.Double,
        [TensorProto.Types.DataType.String] = TextDataViewType.Instance,
    };

    /// <summary>
    /// A tensor without dimensions is a scalar. Of a tensor's dimensions an unknown first one, which is the batch, counts as 1;
    /// any other unknown one makes the whole vector's length unknown.
    /// </summary>
    public static DataViewType Of(TypeProto type)
    {
        Contracts.CheckParam(type.TensorType != null, "typeProto", "The stand-in takes tensors only, no sequences and maps.");
        var kind = (TensorProto.Types.DataType)type.TensorType.ElemType;
        Contracts.Check(Items.ContainsKey(kind), $"Unsupported ONNX scalar type: {kind}");
        var dimensions = type.TensorType.Shape.Dim.Select(Size).ToArray();
        if (dimensions.Length == 0)
            return Items[kind];
        dimensions[0] = Math.Max(1, dimensions[0]);
        return dimensions.All(d => d > 0) ? new VectorDataViewType(Items[kind], dimensions) : new VectorDataViewType(Items[kind], 0);
    }

    private static int Size(TensorShapeProto.Types.Dimension dimension) => dimension.HasDimValue && dimension.DimValue > 0 ? checked((int)dimension.DimValue) : 0;
}
