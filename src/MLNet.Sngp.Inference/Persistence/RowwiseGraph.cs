using Google.Protobuf;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Persistence;

/// <summary>
/// The form of a model's graph that goes into ML.NET's zip files, where <c>OnnxTransformer</c> runs it row by row, and the way back.
/// </summary>
/// <remarks>
/// ML.NET makes <c>Vector&lt;Single, 1, K&gt;</c> of an output of shape [N, K], and <c>Vector&lt;Single, K&gt;</c> of one of shape [K].
/// So each output gets a second one without the batch dimension, valid for one row. It reads slot names from a node of a certain name.
/// What is added carries a prefix by which it is taken out again.
/// </remarks>
internal static class RowwiseGraph
{
    /// <summary>Starts the name of everything that is added, and of the raw columns.</summary>
    public const string Prefix = "mlnet_sngp.row.";

    private const string SlotNamesInput = Prefix + "SlotNames";

    /// <summary>The name of the raw column of an output.</summary>
    public static string ColumnName(string output) => Prefix + output;

    public static byte[] Create(UncertaintyModel model)
    {
        var proto = model.ToProto();
        foreach (var output in model.Outputs)
        {
            AddOutput(proto.Graph, output);
            if (output is { IsVector: true, HasClassNames: true } && model.Labels.Values != null)
                AddSlotNames(proto.Graph, output, model.Labels);
        }
        return proto.ToByteArray();
    }

    /// <summary>The batched form of a graph that <see cref="Create"/> wrote, or null when it is another graph.</summary>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static byte[]? TryRestore(byte[] onnx)
    {
        var proto = ModelGraphReader.Parse(onnx);
        var graph = proto.Graph;
        if (!graph.Output.Any(output => IsAdded(output.Name)) || !ModelMetadata.IsPresentIn(ModelGraphReader.ReadProperties(proto)))
            return null;
        GraphCut.Keep(graph.Node, node => !node.Output.Any(IsAdded));
        GraphCut.Keep(graph.Output, output => !IsAdded(output.Name));
        GraphCut.Keep(graph.Initializer, tensor => !IsAdded(tensor.Name));
        // Older versions noted here which constants had been inputs.
        GraphCut.Keep(proto.MetadataProps, entry => !IsAdded(entry.Key));
        return proto.ToByteArray();
    }

    private static bool IsAdded(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    private static void AddOutput(GraphProto graph, OutputColumn output)
    {
        var name = ColumnName(output.Name);
        var squeeze = new NodeProto { OpType = "Squeeze", Name = name };
        squeeze.Input.Add(output.Name);
        squeeze.Output.Add(name);
        squeeze.Attribute.Add(OnnxAttribute.Of("axes", [0L]));
        graph.Node.Add(squeeze);
        var tensor = new TypeProto.Types.Tensor
        {
            ElemType = graph.Output.First(original => original.Name == output.Name).Type.TensorType.ElemType,
            Shape = new TensorShapeProto(),
        };
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = output.Width });
        graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } });
    }

    private static void AddSlotNames(GraphProto graph, OutputColumn output, ClassLabels labels)
    {
        if (!graph.Initializer.Any(tensor => tensor.Name == SlotNamesInput))
        {
            var text = new TensorProto { Name = SlotNamesInput, DataType = (int)TensorProto.Types.DataType.String };
            text.Dims.Add(1);
            text.StringData.Add(ByteString.CopyFromUtf8(labels.Names[0]));
            graph.Initializer.Add(text);
        }
        var name = ColumnName(output.Name);
        var node = new NodeProto { OpType = "LabelEncoder", Name = $"mlnet.{name}.{OutputSchema.SlotNamesKind}", Domain =
            OnnxGraph.MachineLearningDomain };
        node.Input.Add(SlotNamesInput);
        node.Output.Add($"{name}.{OutputSchema.SlotNamesKind}");
        node.Attribute.Add(OnnxAttribute.Of("keys_strings", labels.Names));
        node.Attribute.Add(OnnxAttribute.Of("values_int64s", [.. Enumerable.Range(0, labels.Count).Select(i => (long)i)]));
        graph.Node.Add(node);
    }
}
