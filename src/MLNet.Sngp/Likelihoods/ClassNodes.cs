using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Likelihoods;

/// <summary>Adds to a graph what follows from the probabilities of classes.</summary>
internal static class ClassNodes
{
    // p·log p is 0 for p below this, the smallest normal number of single precision.
    private const float SmallestProbability = 1.17549435e-38f;

    /// <summary>Adds Uncertainty = −Σ p·log p / log K.</summary>
    /// <returns>The logarithms of the probabilities, shape [N, K].</returns>
    public static string AddUncertainty(OnnxGraphBuilder graph, string probabilities, int numberOfClasses)
    {
        var positive = graph.Node("entropy/positive", "Max", [probabilities, graph.Constant("entropy/smallest", [SmallestProbability], 1)]);
        var logarithms = graph.Node("entropy/log", "Log", [positive]);
        var terms = graph.Node("entropy/terms", "Mul", [probabilities, logarithms]);
        var normalised = graph.RowSum("entropy/normalised", terms, numberOfClasses, -1 / Math.Log(numberOfClasses));
        // Rounding can leave [0, 1] by a few units in the last place.
        graph.Node(ColumnNames.Uncertainty, "Clip",
            [normalised, graph.Constant("entropy/minimum", [0f]), graph.Constant("entropy/maximum", [1f])]);
        return logarithms;
    }

    /// <summary>Adds EnsembleVariance, the mean over the classes of Σₘ (pₘₖ − p̄ₖ)² / M.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="probabilities">pₘₖ, shape [M, N, K].</param>
    /// <param name="mean">p̄ₖ, shape [N, K].</param>
    /// <param name="numberOfClasses">K.</param>
    public static void AddEnsembleVariance(OnnxGraphBuilder graph, string probabilities, string mean, int numberOfClasses)
    {
        var deviations = graph.Node("members/deviations", "Sub", [probabilities, mean]);
        var squares = graph.Node("members/squares", "Mul", [deviations, deviations]);
        var perClass = graph.Node("members/class_variances", "ReduceMean", [squares], ("axes", new[] { 0L }), ("keepdims", 0L));
        graph.RowSum(ColumnNames.EnsembleVariance, perClass, numberOfClasses, 1.0 / numberOfClasses);
    }

    /// <summary>Adds PredictedLabel: keys from 1 to K as in ML.NET; 0, the missing key, where a value is not a number.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">The class of the largest of these is predicted; shape [N, K].</param>
    public static void AddPredictedKey(OnnxGraphBuilder graph, string values)
    {
        var index = graph.Node("label/index", "ArgMax", [values], ("axis", 1L), ("keepdims", 1L));
        var key = graph.Node("label/key", "Add", [index, graph.Constant("label/first", [1L])]);
        var sum = graph.Node("label/sum", "ReduceSum", [values], ("axes", new[] { 1L }), ("keepdims", 1L));
        var isMissing = graph.Node("label/not_a_number", "IsNaN", [sum]);
        var known = graph.Node("label/key_or_missing", "Where", [isMissing, graph.Constant("label/missing", [0L]), key]);
        graph.Node(ColumnNames.PredictedLabel, "Cast", [known], ("to", (long)TensorProto.Types.DataType.Uint32));
    }
}
