using System.Text;
using Google.Protobuf;

namespace MLNet.Sngp.Onnx;

/// <summary>Makes the attributes of ONNX nodes.</summary>
internal static class OnnxAttribute
{
    public static AttributeProto Of(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Of(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Of(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFrom(value, Encoding.UTF8) };

    public static AttributeProto Of(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Of(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(value => ByteString.CopyFrom(value, Encoding.UTF8)));
        return attribute;
    }

    /// <summary>The attributes of a reduction over one dimension, in the form of opset 12.</summary>
    public static AttributeProto[] Reduce(long axis, bool keepDimension) =>
        [Of("axes", new[] { axis }), Of("keepdims", keepDimension ? 1 : 0)];
}
