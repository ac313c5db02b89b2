using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Adds attributes to nodes.</summary>
internal static class NodeAttributes
{
    private static readonly Dictionary<Type, TensorProto.Types.DataType> Types = new()
    {
        [typeof(bool)] = TensorProto.Types.DataType.Bool,
        [typeof(ReadOnlyMemory<char>)] = TensorProto.Types.DataType.String,
        [typeof(sbyte)] = TensorProto.Types.DataType.Int8,
        [typeof(byte)] = TensorProto.Types.DataType.Uint8,
        [typeof(short)] = TensorProto.Types.DataType.Int16,
        [typeof(ushort)] = TensorProto.Types.DataType.Uint16,
        [typeof(int)] = TensorProto.Types.DataType.Int32,
        [typeof(uint)] = TensorProto.Types.DataType.Uint32,
        [typeof(long)] = TensorProto.Types.DataType.Int64,
        [typeof(ulong)] = TensorProto.Types.DataType.Uint64,
        [typeof(float)] = TensorProto.Types.DataType.Float,
        [typeof(double)] = TensorProto.Types.DataType.Double,
    };

    public static TensorProto.Types.DataType TypeOf(Type raw)
    {
        Contracts.Check(Types.ContainsKey(raw), $"Unsupported type: {raw}");
        return Types[raw];
    }

    public static NodeProto With(this NodeProto node, string name, Type value) => node.With(name, (long)TypeOf(value));

    public static NodeProto With(this NodeProto node, string name, long value)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });

    public static NodeProto With(this NodeProto node, string name, float value)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value });

    public static NodeProto With(this NodeProto node, string name, string value)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) });

    public static NodeProto With(this NodeProto node, string name, IEnumerable<long> values)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } });

    public static NodeProto With(this NodeProto node, string name, IEnumerable<float> values)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { values } });

    public static NodeProto With(this NodeProto node, string name, IEnumerable<string> values)
        => Add(node, new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } });

    private static NodeProto Add(NodeProto node, AttributeProto attribute)
    {
        node.Attribute.Add(attribute);
        return node;
    }
}
