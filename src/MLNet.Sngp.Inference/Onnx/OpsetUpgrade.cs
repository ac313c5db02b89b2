namespace MLNet.Sngp.Onnx;

/// <summary>Takes the nodes of a graph to a newer operator set, where the same operator is written otherwise.</summary>
/// <remarks>After the changelog of ONNX's operators. What is not listed is written the same, or is refused by ONNX Runtime; and a joined
/// graph is compared with its pipeline.</remarks>
internal sealed class OpsetUpgrade
{
    // Attributes that became inputs behind the first, and the version in which they did.
    private static readonly Dictionary<string, (long Version, string[] Attributes)> Moved = new()
    {
        ["Slice"] = (10, ["starts", "ends", "axes"]),
        ["Clip"] = (11, ["min", "max"]),
        ["Pad"] = (11, ["pads", "value"]),
        ["Split"] = (13, ["split"]),
        ["Squeeze"] = (13, ["axes"]),
        ["Unsqueeze"] = (13, ["axes"]),
        ["ReduceSum"] = (13, ["axes"]),
        ["ReduceL1"] = (18, ["axes"]),
        ["ReduceL2"] = (18, ["axes"]),
        ["ReduceLogSum"] = (18, ["axes"]),
        ["ReduceLogSumExp"] = (18, ["axes"]),
        ["ReduceMax"] = (18, ["axes"]),
        ["ReduceMean"] = (18, ["axes"]),
        ["ReduceMin"] = (18, ["axes"]),
        ["ReduceProd"] = (18, ["axes"]),
        ["ReduceSumSquare"] = (18, ["axes"]),
    };

    private readonly GraphProto _graph;
    private readonly long _from;
    private readonly long _to;

    private OpsetUpgrade(GraphProto graph, long from, long to) => (_graph, _from, _to) = (graph, from, to);

    /// <summary>The version of the default operator set among <paramref name="opsets"/>.</summary>
    public static long VersionOf(IEnumerable<OperatorSetIdProto> opsets) =>
        opsets.FirstOrDefault(opset => opset.Domain is "" or "ai.onnx")?.Version ?? OnnxGraph.OpsetVersion;

    /// <summary>Rewrites the nodes of <paramref name="graph"/>.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">The version that it is written in.</param>
    /// <param name="to">The version that it is to have; where it is not newer, nothing is changed.</param>
    public static void Apply(GraphProto graph, long from, long to)
    {
        if (from >= to)
            return;
        var upgrade = new OpsetUpgrade(graph, from, to);
        List<NodeProto> nodes = [.. graph.Node.SelectMany(upgrade.Rewrite)];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private bool Crosses(long version) => _from < version && _to >= version;

    private IEnumerable<NodeProto> Rewrite(NodeProto node)
    {
        if (node.Domain.Length > 0)
            return [node];
        switch (node.OpType)
        {
            case "BatchNormalization" when Crosses(9):
                Take(node, "spatial");
                break;
            case "Dropout" when Crosses(12):
                return [Node("Identity", [node.Input[0]], node.Output[0])];
            case "Softmax" or "LogSoftmax" when Crosses(13):
                return Flattened(node);
            case "Split" when Crosses(18) && node.Input.Count == 1 && !node.Attribute.Any(attribute => attribute.Name == "split"):
                node.Attribute.Add(OnnxAttribute.Of("num_outputs", node.Output.Count));
                break;
        }
        if (Moved.TryGetValue(node.OpType, out var moved) && Crosses(moved.Version))
            Move(node, moved.Attributes);
        return [node];
    }

    // It took all dimensions from the axis on as one; now it takes the axis alone.
    private static NodeProto[] Flattened(NodeProto node)
    {
        var (value, axis) = (node.Output[0], Take(node, "axis")?.I ?? 1);
        return
        [
            Node("Shape", [node.Input[0]], value + "/shape"),
            Node("Flatten", [node.Input[0]], value + "/rows", OnnxAttribute.Of("axis", axis)),
            Node(node.OpType, [value + "/rows"], value + "/flat", OnnxAttribute.Of("axis", -1)),
            Node("Reshape", [value + "/flat", value + "/shape"], value),
        ];
    }

    private void Move(NodeProto node, string[] attributes)
    {
        List<AttributeProto?> values = [.. attributes.Select(name => Take(node, name))];
        for (var i = 0; i <= values.FindLastIndex(value => value is not null); i++)
            node.Input.Add(values[i] is { } value ? Constant($"{node.Output[0]}/{attributes[i]}", value) : "");
    }

    private string Constant(string name, AttributeProto value)
    {
        var tensor = new TensorProto { Name = name };
        if (value.Type == AttributeProto.Types.AttributeType.Float)
        {
            tensor.DataType = (int)TensorProto.Types.DataType.Float;
            tensor.FloatData.Add(value.F);
        }
        else
        {
            tensor.DataType = (int)TensorProto.Types.DataType.Int64;
            tensor.Dims.Add(value.Ints.Count);
            tensor.Int64Data.AddRange(value.Ints);
        }
        _graph.Initializer.Add(tensor);
        return name;
    }

    private static AttributeProto? Take(NodeProto node, string name)
    {
        var attribute = node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        if (attribute is not null)
            node.Attribute.Remove(attribute);
        return attribute;
    }

    private static NodeProto Node(string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{output}/{operation}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }
}
