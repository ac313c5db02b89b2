using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Calibration;

/// <summary>
/// A model's graph cut in two where its dials (T and λ) enter: what does not depend on them is computed once for each row, however often
/// they are turned.
/// </summary>
/// <param name="Upstream">From the features to the values of <paramref name="Seam"/>.</param>
/// <param name="Downstream">From the seam and the dials to the output.</param>
/// <param name="Seam">The names of the values that go from one to the other.</param>
internal sealed record GraphSplit(byte[] Upstream, byte[] Downstream, IReadOnlyList<string> Seam)
{
    /// <param name="model">The model; its nodes are in the order of computation, as ONNX demands.</param>
    /// <param name="output">The output that depends on the dials.</param>
    /// <param name="dials">Inputs with defaults.</param>
    public static GraphSplit Of(ModelProto model, string output, IReadOnlyCollection<string> dials)
    {
        var dependent = new HashSet<string>(dials, StringComparer.Ordinal);
        var constants = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var downstream = new List<NodeProto>();
        foreach (var node in model.Graph.Node)
        {
            if (!node.Input.Any(dependent.Contains))
                continue;
            downstream.Add(node);
            dependent.UnionWith(node.Output);
        }
        if (!dependent.Contains(output))
            throw new InvalidOperationException(
                $"The model's '{output}' does not depend on {string.Join(" or ", dials)}, so there is nothing to calibrate.");
        var seam = downstream.SelectMany(node => node.Input)
            .Where(name => name.Length > 0 && !dependent.Contains(name) && !constants.Contains(name))
            .Distinct(StringComparer.Ordinal).ToList();
        return new GraphSplit(UpstreamOf(model, downstream, seam, dials), DownstreamOf(model, downstream, seam, output), seam);
    }

    private static byte[] UpstreamOf(ModelProto model, List<NodeProto> downstream, List<string> seam, IReadOnlyCollection<string> dials)
    {
        var upstream = Empty(model);
        upstream.Graph.Node.AddRange(model.Graph.Node.Except(downstream));
        upstream.Graph.Initializer.AddRange(model.Graph.Initializer.Where(tensor => !dials.Contains(tensor.Name)));
        upstream.Graph.Input.AddRange(model.Graph.Input.Where(input => !dials.Contains(input.Name)));
        // Types and shapes are left to the runtime, which infers them.
        upstream.Graph.Output.AddRange(seam.Select(name => new ValueInfoProto { Name = name }));
        return upstream.ToByteArray();
    }

    private static byte[] DownstreamOf(ModelProto model, List<NodeProto> downstream, List<string> seam, string output)
    {
        var used = downstream.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        var number = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } };
        var half = Empty(model);
        half.Graph.Node.AddRange(downstream);
        half.Graph.Initializer.AddRange(model.Graph.Initializer.Where(tensor => used.Contains(tensor.Name)));
        half.Graph.Input.AddRange(seam.Select(name => new ValueInfoProto { Name = name, Type = number.Clone() }));
        half.Graph.Input.AddRange(model.Graph.Input.Where(input => half.Graph.Initializer.Any(tensor => tensor.Name == input.Name)));
        half.Graph.Output.Add(model.Graph.Output.Single(value => value.Name == output));
        return half.ToByteArray();
    }

    private static ModelProto Empty(ModelProto model)
    {
        var empty = new ModelProto { IrVersion = model.IrVersion, Graph = new GraphProto { Name = model.Graph.Name } };
        empty.OpsetImport.AddRange(model.OpsetImport);
        return empty;
    }
}
