using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Likelihoods;

/// <summary>What one network or several give for a row: values of a graph.</summary>
/// <param name="Outputs">Shape [N, P] of one network, [M, N, P] of several.</param>
/// <param name="Variance">Of the outputs, shape [N, C] or [M, N, C]; null where the networks do not know it.</param>
/// <param name="Count">M.</param>
internal sealed record Predictions(string Outputs, string? Variance, int Count)
{
    /// <summary>r of each network, from its training rows; null to take variances as they are.</summary>
    public IReadOnlyList<double>? References { get; init; }

    /// <summary>ν of each network; null where there is no noise.</summary>
    public IReadOnlyList<double>? Noises { get; init; }

    /// <summary>The values of all networks as one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="networks">The values of each.</param>
    public static Predictions Join(OnnxGraphBuilder graph, IReadOnlyList<(string Outputs, string? Variance)> networks)
    {
        var (outputs, variance) = networks[0];
        return networks.Count == 1
            ? new Predictions(outputs, variance, 1)
            : new Predictions(
                Stack(graph, "members/outputs", networks.Select(network => network.Outputs)),
                variance is null ? null : Stack(graph, "members/variances", networks.Select(network => network.Variance!)),
                networks.Count);
    }

    /// <summary>Gives the mean over the networks of one of their values a column's name.</summary>
    public string AddMean(OnnxGraphBuilder graph, string name, string value) => Count == 1
        ? graph.Node(name, "Identity", [value])
        : graph.Node(name, "ReduceMean", [value], ("axes", new[] { 0L }), ("keepdims", 0L));

    // The network is the first dimension.
    private static string Stack(OnnxGraphBuilder graph, string name, IEnumerable<string> values) =>
        graph.Node(name, "Concat", [.. values.Select(value => graph.Node(name + "/part", "Unsqueeze", [value], ("axes", new[] { 0L })))], (
            "axis", 0L));
}
