using MLNet.Sngp.Onnx;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Export;

/// <summary>Joins the graphs of trained members to one that averages what they give.</summary>
/// <remarks>λ and T stay one value each, for all members.</remarks>
internal static class EnsembleGraph
{
    /// <param name="name">The name of the graph.</param>
    /// <param name="members">At least one, all with the same features, classes and outputs.</param>
    /// <param name="hasLogitVariance">
    /// Whether the members have variances of their logits, to be averaged; otherwise Variance is the variance of their
    /// probabilities.
    /// </param>
    public static OnnxGraph Build(string name, IReadOnlyList<UncertaintyModel> members, bool hasLogitVariance)
    {
        var first = members[0];
        var graph = new OnnxGraph(name);
        graph.Input(first.FeatureColumnName, first.NumberOfFeatures);
        if (first.MeanFieldFactor is { } factor)
            graph.Overridable(ModelOutput.MeanFieldFactor, factor);
        if (first.Temperature is { } temperature)
            graph.Overridable(ModelOutput.Temperature, temperature);
        string[] needed = [ModelOutput.Logits, ModelOutput.Score, .. hasLogitVariance ? [ModelOutput.Variance] : Array.Empty<string>()];
        for (var i = 0; i < members.Count; i++)
        {
            var member = ModelGraphReader.Parse(new GraphPruner(CalibrationInputs.Add(members[i].ToProto())).Prune(needed)).Graph;
            graph.Import(member, FormattableString.Invariant($"member_{i}/"));
        }
        Average(graph, members, hasLogitVariance);
        return graph;
    }

    private static void Average(OnnxGraph graph, IReadOnlyList<UncertaintyModel> members, bool hasLogitVariance)
    {
        var probabilities = Stack(graph, members.Count, ModelOutput.Score, "members/probabilities");
        AveragedOutputs.AddMeans(graph, Stack(graph, members.Count, ModelOutput.Logits, "members/logits"), probabilities);
        if (hasLogitVariance)
            AveragedOutputs.AddMeanVariance(graph, Stack(graph, members.Count, ModelOutput.Variance, "members/variances"));
        else
            AveragedOutputs.AddProbabilityVariance(graph, probabilities, members[0].NumberOfClasses);
        var width = hasLogitVariance ? members[0].Outputs.First(output => output.Name == ModelOutput.Variance).Width : 1;
        PredictionOutputs.Add(graph, members[0].NumberOfClasses, width, ModelOutput.Score);
    }

    /// <summary>An output of all members as one value, with the member as its first dimension.</summary>
    private static string Stack(OnnxGraph graph, int count, string output, string name)
    {
        var parts = Enumerable.Range(0, count).Select(i =>
        {
            var member = FormattableString.Invariant($"member_{i}/") + output;
            return graph.Node("Unsqueeze", member + "/member", [member], [OnnxAttribute.Of("axes", [0L])]);
        });
        return graph.Node("Concat", name, [.. parts], [OnnxAttribute.Of("axis", 0)]);
    }
}
