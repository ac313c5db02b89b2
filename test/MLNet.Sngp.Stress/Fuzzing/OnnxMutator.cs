using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Changes ONNX files where it hurts: sizes, names, types, operators, and what the metadata say.</summary>
internal static class OnnxMutator
{
    private static readonly string[] Operators =
    [
        "Add", "MatMul", "Gemm", "Concat", "Reshape", "Gather", "Slice", "Squeeze", "Unsqueeze", "Cast", "Where", "ReduceMean", "Softmax",
        "ArgMax", "Identity",
        "Expand", "Tile", "Range", "ConstantOfShape", "Loop", "If", "Scan", "RandomNormal", "Pad", "EyeLike", "OneHot", "Einsum", "NonZero",
        "Nonsense", "",
    ];

    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        // A third of the files is changed blindly.
        if (random.Next(3) == 0)
            return ByteMutator.Mutate(bytes, other, random);
        var model = ModelProto.Parser.ParseFrom(bytes);
        for (var change = Math.Max(1, random.Next(-3, 4)); change > 0; change--)
            Change(model, ModelProto.Parser.ParseFrom(other), random);
        var changed = model.ToByteArray();
        return random.Next(8) == 0 ? ByteMutator.Mutate(changed, other, random) : changed;
    }

    /// <summary><see cref="Mutate"/> for bytes that may not be a model any more.</summary>
    public static byte[] TryMutate(byte[] bytes, byte[] other, Random random)
    {
        try
        {
            return Mutate(bytes, other, random);
        }
        catch (InvalidProtocolBufferException)
        {
            return ByteMutator.Mutate(bytes.Length == 0 ? [0] : bytes, other, random);
        }
    }

    private static void Change(ModelProto model, ModelProto other, Random random)
    {
        // What was changed before may still parse and yet have no graph.
        if (model.Graph is not { } graph || other.Graph == null)
            return;
        switch (random.Next(14))
        {
            case 0: ChangeDims(Pick(graph.Initializer, random), random); break;
            case 1: ChangeData(Pick(graph.Initializer, random), random); break;
            case 2: ChangeShape(Pick(graph.Input, random), random); break;
            case 3: ChangeShape(Pick(graph.Output, random), random); break;
            case 4: ChangeAttribute(Pick(graph.Node, random), random); break;
            case 5 when Pick(graph.Node, random) is { } node: node.OpType = Operators[random.Next(Operators.Length)]; break;
            case 6: ChangeName(Pick(graph.Node, random), graph, random); break;
            case 7: ChangeMetadata(Pick(model.MetadataProps, random), random); break;
            case 8: ChangeList(graph.Node, other.Graph.Node, random); break;
            case 9: ChangeList(graph.Initializer, other.Graph.Initializer, random); break;
            case 10: ChangeList(random.Next(2) == 0 ? graph.Input : graph.Output, other.Graph.Output, random); break;
            case 11 when Pick(model.OpsetImport, random) is { } opset: opset.Version = random.Next(2) == 0
                ? random.Next(30)
                : ByteMutator.Extreme(random); break;
            case 12 when Pick(graph.Initializer, random) is { } tensor: ReferToAFile(tensor, random); break;
            case 13: Grow(graph, random); break;
        }
    }

    private static void ChangeDims(TensorProto? tensor, Random random)
    {
        if (tensor == null)
            return;
        if (tensor.Dims.Count == 0 || random.Next(4) == 0)
            tensor.Dims.Add(ByteMutator.Extreme(random));
        else
            tensor.Dims[random.Next(tensor.Dims.Count)] = random.Next(2) == 0 ? random.Next(20) : ByteMutator.Extreme(random);
    }

    private static void ChangeData(TensorProto? tensor, Random random)
    {
        if (tensor == null)
            return;
        switch (random.Next(4))
        {
            case 0: tensor.DataType = random.Next(20); break;
            case 1: tensor.RawData = ByteString.CopyFrom(new byte[random.Next(200)]); break;
            case 2: tensor.FloatData.Add(random.NextSingle()); break;
            default: tensor.RawData =
                ByteString.CopyFrom([.. tensor.RawData.Span, .. BitConverter.GetBytes(ByteMutator.Extreme(random))]); break;
        }
    }

    private static void ChangeShape(ValueInfoProto? info, Random random)
    {
        if (info?.Type?.TensorType is not { } type)
            return;
        if (random.Next(4) == 0)
            type.ElemType = random.Next(20);
        else if (random.Next(4) == 0)
            (type.Shape ??= new TensorShapeProto())
                .Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = ByteMutator.Extreme(random) });
        else if (type.Shape?.Dim.Count > 0)
            type.Shape.Dim[random.Next(type.Shape.Dim.Count)].DimValue = random.Next(2) == 0
                ? random.Next(20)
                : ByteMutator.Extreme(random);
    }

    private static void ChangeAttribute(NodeProto? node, Random random)
    {
        if (node == null || Pick(node.Attribute, random) is not { } attribute)
            return;
        if (attribute.Ints.Count > 0)
            attribute.Ints[random.Next(attribute.Ints.Count)] = random.Next(2) == 0 ? random.Next(-4, 5) : ByteMutator.Extreme(random);
        else
            attribute.I = random.Next(2) == 0 ? random.Next(-4, 5) : ByteMutator.Extreme(random);
    }

    private static void ChangeName(NodeProto? node, GraphProto graph, Random random)
    {
        if (node == null || Pick(graph.Node, random)?.Output.FirstOrDefault() is not { } name)
            return;
        var names = random.Next(2) == 0 ? node.Input : node.Output;
        if (names.Count == 0 || random.Next(4) == 0)
            names.Add(name);
        else
            names[random.Next(names.Count)] = random.Next(6) == 0 ? "" : name;
    }

    private static void ChangeMetadata(StringStringEntryProto? entry, Random random)
    {
        if (entry == null)
            return;
        string[] values =
        [
            "", "{", "[]", "null", "1e999", "99999999999999999999", """{"kind":"None","count":2147483647,"values":[]}""",
            """{"kind":"Text","count":3,"values":[1,null,{}]}""",
            """{"kind":"Single","count":3,"values":["NaN","x",1e99]}""", """{"kind":"System.Diagnostics.Process","count":3,"values":[]}""",
            new string('[', 5000), "\0\uFFFF\u202E",
        ];
        if (random.Next(3) == 0 && ParseOrNull(entry.Value) is JsonObject json && json.Count > 0)
        {
            json[json.ElementAt(random.Next(json.Count)).Key] = JsonValue.Create(ByteMutator.Extreme(random));
            entry.Value = json.ToJsonString();
        }
        else
        {
            entry.Value = values[random.Next(values.Length)];
        }
    }

    private static JsonNode? ParseOrNull(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void ChangeList<T>(RepeatedField<T> items, RepeatedField<T> others, Random random) where T : class, IDeepCloneable<T>
    {
        if (items.Count == 0)
            return;
        var at = random.Next(items.Count);
        switch (random.Next(4))
        {
            case 0: items.RemoveAt(at); break;
            case 1: items.Insert(random.Next(items.Count), items[at].Clone()); break;
            case 2: (items[at], items[0]) = (items[0], items[at]); break;
            case 3 when Pick(others, random) is { } other: items[at] = other.Clone(); break;
        }
    }

    private static void ReferToAFile(TensorProto tensor, Random random)
    {
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        if (random.Next(2) == 0)
            tensor.ExternalData.Add(
                new StringStringEntryProto { Key = "location", Value = random.Next(2) == 0 ? "/etc/passwd" : "../../secret" });
    }

    // A few nodes that would make a large value of a small one.
    private static void Grow(GraphProto graph, Random random)
    {
        if (Pick(graph.Node, random)?.Output.FirstOrDefault() is not { } value)
            return;
        for (var i = random.Next(1, 40); i > 0; i--)
        {
            var node = new NodeProto { OpType = random.Next(3) == 0 ? "MatMul" : "Concat" };
            node.Input.Add([value, value]);
            node.Output.Add(value = $"{value}/{i}");
            node.Attribute.Add(OnnxAttribute.Of("axis", (long)random.Next(2)));
            graph.Node.Add(node);
        }
        if (Pick(graph.Node, random) is { Input.Count: > 0 } user)
            user.Input[random.Next(user.Input.Count)] = value;
    }

    private static T? Pick<T>(RepeatedField<T> items, Random random) where T : class => items.Count == 0
        ? null
        : items[random.Next(items.Count)];
}
