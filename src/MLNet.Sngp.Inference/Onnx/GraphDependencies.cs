namespace MLNet.Sngp.Onnx;

/// <summary>Which values of a graph others are computed from.</summary>
internal sealed class GraphDependencies
{
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);

    public GraphDependencies(GraphProto graph)
    {
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
                _makers[output] = node;
        }
    }

    /// <summary>The node that computes a value, or null when it is an input or a constant.</summary>
    public NodeProto? MakerOf(string value) => _makers.GetValueOrDefault(value);

    /// <summary>Every value that <paramref name="outputs"/> depend on, they themselves included.</summary>
    public HashSet<string> Reach(IEnumerable<string> outputs)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(outputs);
        while (open.TryPop(out var value))
        {
            if (!reached.Add(value) || !_makers.TryGetValue(value, out var node))
                continue;
            foreach (var input in Inputs(node))
                open.Push(input);
        }
        return reached;
    }

    // The bodies of If, Loop and Scan see the values around them.
    private static IEnumerable<string> Inputs(NodeProto node) => node.Input.Concat(node.Attribute
        .SelectMany(attribute => attribute.Graphs.Concat(attribute.G == null ? [] : [attribute.G]))
        .SelectMany(graph => graph.Node.SelectMany(Inputs).Concat(graph.Output.Select(output => output.Name))));
}
