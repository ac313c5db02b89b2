using Google.Protobuf;
using Google.Protobuf.Collections;

namespace MLNet.Sngp.Onnx;

/// <summary>Cuts graphs down to a part of them, and puts other nodes in the place of some.</summary>
internal static class GraphCut
{
    /// <summary>The model cut down to what some of its values need, which become its outputs. Types that it does not state are left to the
    /// runtime, which infers them.</summary>
    public static byte[] To(ModelProto model, IReadOnlyList<string> values)
    {
        var graph = new GraphProto { Name = model.Graph.Name };
        graph.Node.AddRange(model.Graph.Node);
        graph.Initializer.AddRange(model.Graph.Initializer);
        graph.Input.AddRange(model.Graph.Input);
        var needed = To(graph, values);
        Keep(graph.Input, input => needed.Contains(input.Name));
        graph.Output.AddRange(values.Distinct(StringComparer.Ordinal).Select(
            value => model.Graph.Output.FirstOrDefault(output => output.Name == value) ?? new ValueInfoProto { Name = value }));
        var cut = new ModelProto { IrVersion = model.IrVersion, Graph = graph };
        cut.OpsetImport.AddRange(model.OpsetImport);
        return cut.ToByteArray();
    }

    /// <summary>Leaves the nodes and constants that <paramref name="values"/> need.</summary>
    /// <returns>All values that they need, they themselves included.</returns>
    public static HashSet<string> To(GraphProto graph, IReadOnlyList<string> values)
    {
        var needed = new GraphDependencies(graph).Reach(values);
        Keep(graph.Node, node => node.Output.Any(needed.Contains));
        Keep(graph.Initializer, tensor => needed.Contains(tensor.Name));
        return needed;
    }

    /// <summary>Removes all other items.</summary>
    public static void Keep<T>(RepeatedField<T> items, Func<T, bool> isKept)
    {
        var kept = items.Where(isKept).ToList();
        items.Clear();
        items.AddRange(kept);
    }

    /// <summary>The value that the constant named <paramref name="factor"/> is multiplied with, and the graph from the input to it, as
    /// ONNX.</summary>
    /// <exception cref="ModelFormatException">The graph has no such constant.</exception>
    public static (string Value, byte[] Upstream) Before(ModelProto model, string factor)
    {
        var value = model.Graph.Node.FirstOrDefault(node => node.Input.Count == 2 && node.Input[1] == factor)?.Input[0]
            ?? throw new ModelFormatException(
            $"The model's graph has no '{factor}'. Give a file that SaveAsOnnx wrote, whole and unchanged.");
        return (value, To(model, [value]));
    }

    /// <summary>Puts the nodes and constants of <paramref name="changed"/> in the place of old ones, and drops constants that nothing uses
    /// any more.</summary>
    /// <param name="graph">The graph to change.</param>
    /// <param name="changed">What comes in; its constants replace those of the same names.</param>
    /// <param name="old">The values of the nodes that go; the last that there is has been used by the rest of the graph.</param>
    /// <param name="value">What the rest of the graph is to use in its place.</param>
    /// <exception cref="ModelFormatException">The graph has none of the old nodes.</exception>
    public static void Replace(GraphProto graph, GraphProto changed, IReadOnlyCollection<string> old, string value)
    {
        var nodes = graph.Node.Where(node => old.Contains(node.Output[0])).ToList();
        if (nodes.Count == 0)
            throw new ModelFormatException("The model's graph has no variance. Give a file that SaveAsOnnx wrote, whole and unchanged.");
        var place = graph.Node.IndexOf(nodes[0]);
        var last = nodes[^1].Output[0];
        nodes.ForEach(node => graph.Node.Remove(node));
        GraphNames.Redirect(graph.Node, last, value);
        foreach (var node in changed.Node.Reverse())
            graph.Node.Insert(place, node);
        var names = changed.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        Keep(graph.Initializer, tensor => !names.Contains(tensor.Name) && used.Contains(tensor.Name));
        graph.Initializer.AddRange(changed.Initializer);
    }
}
