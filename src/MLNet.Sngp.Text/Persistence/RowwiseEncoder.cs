using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Text;

/// <summary>
/// The form of an encoder's graph that goes into ML.NET's zip files, where <c>OnnxTransformer</c> runs it row by row, and the way back: one
/// input of a fixed length, the number of tokens and behind it their ids, and the embedding as output.
/// </summary>
/// <remarks>What is added carries a prefix by which it is taken out again. Its operators mean the same in all sets from 10 on.</remarks>
internal static class RowwiseEncoder
{
    public const string Output = Prefix + "Embedding";

    private const string Prefix = "mlnet_sngp.row.";
    private const string HashKey = Prefix + "Hash";
    private const int LowestOpset = 10;

    /// <exception cref="InvalidOperationException">The graph is of an older operator set, or the file has changed.</exception>
    public static byte[] Create(SentenceEncoder encoder)
    {
        var options = encoder.Options;
        var proto = EncoderGraph.Parse(encoder.ReadModel(), options.ModelPath!);
        var opset = proto.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (opset < LowestOpset)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The encoder '{options.ModelPath}' is of ONNX operator set {opset} and cannot be saved whole. Save with ")
                + $"{nameof(SentenceEncoderOptions.Saving)} = {nameof(SentenceEncoderSaving.ByHash)}, or export it with set {LowestOpset} "
                + "or later.");
        var graph = proto.Graph;
        AddInputs(graph);
        var nodes = graph.Node;
        var pooled = encoder.OutputName;
        if (options.Pooling == SentencePooling.Mean)
        {
            // The mean over tokens, as an operator that has not changed since the first set.
            nodes.Add(Node("Transpose", "turned", [pooled], OnnxAttribute.Of("perm", [0L, 2, 1])));
            nodes.Add(Node("GlobalAveragePool", "pooled", [Prefix + "turned"]));
            pooled = Prefix + "pooled";
        }
        else if (options.Pooling == SentencePooling.Cls)
        {
            graph.Initializer.Add(Numbers("first", 0));
            nodes.Add(Node("Gather", "pooled", [pooled, Prefix + "first"], OnnxAttribute.Of("axis", 1L)));
            pooled = Prefix + "pooled";
        }
        graph.Initializer.Add(Numbers("row", 1, encoder.Dimension));
        graph.Initializer.Add(Numbers("width", encoder.Dimension));
        nodes.Add(Node("Reshape", "vector", [pooled, Prefix + "row"]));
        if (options.Normalize)
            nodes.Add(Node("LpNormalization", "normalized", [Prefix + "vector"], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("p", 2L)));
        nodes.Add(Node("Reshape", "Embedding", [Prefix + (options.Normalize ? "normalized" : "vector"), Prefix + "width"]));
        graph.Output.Add(Tensor(Output, TensorProto.Types.DataType.Float, encoder.Dimension));
        proto.MetadataProps.Add(new StringStringEntryProto { Key = HashKey, Value = encoder.ModelHash });
        return proto.ToByteArray();
    }

    /// <summary>The encoder's own graph out of one that <see cref="Create"/> wrote, or null when it is another graph.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="hash">The SHA-256 of the file that it was made of.</param>
    public static byte[]? TryRestore(byte[] onnx, string hash)
    {
        var proto = EncoderGraph.Parse(onnx, "OnnxModel");
        var graph = proto.Graph;
        if (!proto.MetadataProps.Any(entry => entry.Key == HashKey && entry.Value == hash))
            return null;
        graph.Input.Clear();
        foreach (var node in graph.Node.Where(node => IsAdded(node.Name) && !IsAdded(node.Output[0])))
            graph.Input.Add(Tensor(node.Output[0], TensorProto.Types.DataType.Int64, null, null));
        GraphCut.Keep(graph.Node, node => !IsAdded(node.Name));
        GraphCut.Keep(graph.Initializer, tensor => !IsAdded(tensor.Name));
        GraphCut.Keep(graph.Output, output => !IsAdded(output.Name));
        GraphCut.Keep(proto.MetadataProps, entry => !IsAdded(entry.Key));
        return proto.ToByteArray();
    }

    private static void AddInputs(GraphProto graph)
    {
        var names = graph.Input.Select(input => input.Name).Except(graph.Initializer.Select(tensor => tensor.Name)).ToList();
        graph.Input.Clear();
        graph.Input.Add(Tensor(EmbeddingMappings.Tokens, TensorProto.Types.DataType.Int64, SentenceEncoderOptions.MostTokens + 1));
        graph.Initializer.AddRange([Numbers("zero", 0), Numbers("one", 1), Numbers("text", 1, -1)]);
        NodeProto[] nodes =
        [
            Node("Slice", "count", [EmbeddingMappings.Tokens, Prefix + "zero", Prefix + "one"]),
            Node("Add", "end", [Prefix + "count", Prefix + "one"]),
            Node("Slice", "ids", [EmbeddingMappings.Tokens, Prefix + "one", Prefix + "end"]),
            Named(Node("Reshape", "", [Prefix + "ids", Prefix + "text"]), EncoderGraph.InputIds),
            Node("Shape", "shape", [EncoderGraph.InputIds]),
            .. names.Where(name => name != EncoderGraph.InputIds).Select(name => Named(
                Node("ConstantOfShape", "", [Prefix + "shape"], Value(name == EncoderGraph.AttentionMask ? 1 : 0)), name)),
        ];
        for (var i = 0; i < nodes.Length; i++)
            graph.Node.Insert(i, nodes[i]);
    }

    private static NodeProto Node(string kind, string name, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = kind, Name = Prefix + name };
        node.Input.AddRange(inputs);
        node.Output.Add(Prefix + name);
        node.Attribute.AddRange(attributes);
        return node;
    }

    private static NodeProto Named(NodeProto node, string output)
    {
        (node.Name, node.Output[0]) = (Prefix + output, output);
        return node;
    }

    private static AttributeProto Value(long number)
    {
        var tensor = Numbers("value", number);
        return new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor };
    }

    private static TensorProto Numbers(string name, params long[] numbers)
    {
        var tensor = new TensorProto { Name = Prefix + name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(numbers.Length);
        tensor.Int64Data.AddRange(numbers);
        return tensor;
    }

    private static ValueInfoProto Tensor(string name, TensorProto.Types.DataType type, params int?[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        for (var i = 0; i < shape.Length; i++)
            tensor.Shape.Dim.Add(shape[i] is { } size
                ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : new TensorShapeProto.Types.Dimension { DimParam = i == 0 ? "batch" : "sequence" });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static bool IsAdded(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
