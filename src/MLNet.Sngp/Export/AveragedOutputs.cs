using MLNet.Sngp.Onnx;
using static MLNet.Sngp.Export.NetworkNodes;

namespace MLNet.Sngp.Export;

/// <summary>
/// Completes a graph whose members each give logits, and some their own probabilities, by the outputs of their average.
/// </summary>
/// <remarks>
/// Score is the mean of the members' probabilities pₘ, Logits the mean of their logits. For M = 1 these are the
/// member's own, and the variance of its probability is 0, or not a number where the probability is none.
/// </remarks>
internal static class AveragedOutputs
{
    /// <summary>Adds pₘ = softmax(logitsₘ / T) and averages.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="logits">The members' logits, shape [M, N, K].</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="labelSource">The class of the largest of these is predicted: Score, or Logits where there is one member.</param>
    public static void AddFromLogits(OnnxGraph graph, string logits, int numberOfClasses, string labelSource)
    {
        graph.Overridable(ModelOutput.Temperature, 1);
        graph.Node("Div", "members/tempered", [logits, ModelOutput.Temperature]);
        graph.Node("Softmax", "members/probabilities", ["members/tempered"], [OnnxAttribute.Of("axis", 2)]);
        AddMeans(graph, logits, "members/probabilities");
        AddProbabilityVariance(graph, "members/probabilities", numberOfClasses);
        PredictionOutputs.Add(graph, numberOfClasses, varianceWidth: 1, labelSource);
    }

    /// <summary>Adds Logits and Score, the means over the members of values of shape [M, N, K].</summary>
    public static void AddMeans(OnnxGraph graph, string logits, string probabilities)
    {
        graph.Node("ReduceMean", ModelOutput.Logits, [logits], OverMembers());
        graph.Node("ReduceMean", ModelOutput.Score, [probabilities], OverMembers());
    }

    /// <summary>Adds Variance, the mean over the classes of Σₘ (pₘₖ − Scoreₖ)² / M.</summary>
    public static void AddProbabilityVariance(OnnxGraph graph, string probabilities, int numberOfClasses)
    {
        graph.Node("Sub", "members/deviations", [probabilities, ModelOutput.Score]);
        graph.Node("Mul", "members/squares", ["members/deviations", "members/deviations"]);
        graph.Node("ReduceMean", "members/class_variances", ["members/squares"], OverMembers());
        AddRowSum(graph, ModelOutput.Variance, "members/class_variances", numberOfClasses, 1.0 / numberOfClasses);
    }

    /// <summary>Adds Variance, the mean over the members of values of shape [M, N, 1] or [M, N, K].</summary>
    public static void AddMeanVariance(OnnxGraph graph, string variances) =>
        graph.Node("ReduceMean", ModelOutput.Variance, [variances], OverMembers());

    private static AttributeProto[] OverMembers() => OnnxAttribute.Reduce(axis: 0, keepDimension: false);
}
