using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// Cuts a graph down to what some of its outputs need: ONNX Runtime computes every node of a graph, whichever outputs are asked for.
/// </summary>
internal sealed class GraphPruner
{
    // Below this many constant numbers, what is left out costs less than a second copy of the model.
    private const long WorthLeavingOut = 4096;

    private readonly ModelProto _model;
    private readonly GraphDependencies _dependencies;
    private readonly Dictionary<string, long> _constants = new(StringComparer.Ordinal);

    public GraphPruner(ModelProto model)
    {
        _model = model;
        _dependencies = new GraphDependencies(model.Graph);
        foreach (var tensor in model.Graph.Initializer)
            _constants[tensor.Name] = tensor.Dims.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>
    /// The outputs among <paramref name="all"/> to compute when <paramref name="needed"/> are asked for: those that come at no cost,
    /// or all of them when leaving some out saves next to nothing.
    /// </summary>
    public IReadOnlyList<string> Cover(IReadOnlyList<string> needed, IReadOnlyList<string> all)
    {
        var values = _dependencies.Reach(needed);
        var leftOut = _dependencies.Reach(all).Except(values).Sum(value => _constants.GetValueOrDefault(value));
        return leftOut < WorthLeavingOut ? all : [.. all.Where(values.Contains)];
    }

    /// <summary>The model with <paramref name="outputs"/> alone and what they need.</summary>
    public byte[] Prune(IReadOnlyList<string> outputs)
    {
        if (_model.Graph.Output.All(output => outputs.Contains(output.Name)))
            return _model.ToByteArray();
        var values = _dependencies.Reach(outputs);
        var graph = new GraphProto { Name = _model.Graph.Name };
        graph.Node.AddRange(_model.Graph.Node.Where(node => node.Output.Any(values.Contains)));
        graph.Initializer.AddRange(_model.Graph.Initializer.Where(tensor => values.Contains(tensor.Name)));
        graph.Input.AddRange(_model.Graph.Input.Where(input => values.Contains(input.Name) || !_constants.ContainsKey(input.Name)));
        graph.Output.AddRange(_model.Graph.Output.Where(output => outputs.Contains(output.Name)));
        var model = new ModelProto { IrVersion = _model.IrVersion, Graph = graph };
        model.OpsetImport.AddRange(_model.OpsetImport);
        return model.ToByteArray();
    }
}
