using Google.Protobuf.Collections;

namespace MLNet.Sngp.Onnx;

/// <summary>Renames everything in a graph, so that two graphs can be joined.</summary>
internal static class GraphNames
{
    /// <summary>Gives each value the name that <paramref name="rename"/> says, and puts <paramref name="prefix"/> before each node's
    /// name.</summary>
    public static void Rename(GraphProto graph, Func<string, string> rename, string prefix)
    {
        foreach (var node in graph.Node)
        {
            Rename(node.Input, rename);
            Rename(node.Output, rename);
            // Several nodes may have no name, and no two the same.
            node.Name = node.Name.Length > 0 ? prefix + node.Name : "";
            // What a body defines is renamed as well: its names must differ from those around it.
            foreach (var body in BodiesOf(node))
                Rename(body, rename, prefix);
        }
        foreach (var tensor in graph.Initializer)
            tensor.Name = rename(tensor.Name);
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            info.Name = rename(info.Name);
    }

    /// <summary>Lets nodes, and those of the bodies within, take one value in place of another.</summary>
    public static void Redirect(IEnumerable<NodeProto> nodes, string from, string to)
    {
        foreach (var node in nodes)
        {
            Rename(node.Input, name => name == from ? to : name);
            foreach (var body in BodiesOf(node))
            {
                Redirect(body.Node, from, to);
                foreach (var output in body.Output.Where(output => output.Name == from))
                    output.Name = to;
            }
        }
    }

    private static IEnumerable<GraphProto> BodiesOf(NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.Graphs.Concat(attribute.G == null ? [] : [attribute.G]));

    // An empty name stands for an optional input or output that is not there.
    private static void Rename(RepeatedField<string> names, Func<string, string> rename)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length > 0)
                names[i] = rename(names[i]);
        }
    }
}
