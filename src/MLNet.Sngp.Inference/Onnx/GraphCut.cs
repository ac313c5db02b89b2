using Google.Protobuf;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Onnx;

/// <summary>Cuts a model's graph where a constant enters it, and puts other nodes in the place of some.</summary>
internal static class GraphCut
{
    /// <summary>The value that the constant named <paramref name="factor"/> is multiplied with, and the graph from the input to it, as
    /// ONNX.</summary>
    /// <exception cref="ModelFormatException">The graph has no such constant.</exception>
    public static (string Value, byte[] Upstream) Before(ModelProto model, string factor)
    {
        var value = model.Graph.Node.FirstOrDefault(node => node.Input.Count == 2 && node.Input[1] == factor)?.Input[0]
            ?? throw new ModelFormatException(
            $"The model's graph has no '{factor}'. Give a file that SaveAsOnnx wrote, whole and unchanged.");
        var whole = new ModelProto { IrVersion = model.IrVersion, Graph = new GraphProto { Name = model.Graph.Name } };
        whole.OpsetImport.AddRange(model.OpsetImport);
        whole.Graph.Node.AddRange(model.Graph.Node);
        whole.Graph.Initializer.AddRange(model.Graph.Initializer);
        whole.Graph.Input.AddRange(model.Graph.Input);
        // One output more than is asked for, so that what it does not need is left out.
        whole.Graph.Output.AddRange([new ValueInfoProto { Name = value }, model.Graph.Output[0]]);
        return (value, new GraphPruner(whole).Prune([value]));
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
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == last ? value : node.Input[i];
        }
        foreach (var node in changed.Node.Reverse())
            graph.Node.Insert(place, node);
        var names = changed.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        var kept = graph.Initializer.Where(tensor => !names.Contains(tensor.Name) && used.Contains(tensor.Name)).ToList();
        graph.Initializer.Clear();
        graph.Initializer.AddRange([.. kept, .. changed.Initializer]);
    }
}
