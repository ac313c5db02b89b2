using MLNet.Sngp.Onnx;
using static MLNet.Sngp.Export.NetworkNodes;

namespace MLNet.Sngp.Export;

/// <summary>Completes a graph that computes logits, variance and score by the outputs that every model has.</summary>
internal static class PredictionOutputs
{
    // p·log p is 0 for p below this, the smallest normal number of single precision.
    private const float SmallestProbability = 1.17549435e-38f;

    /// <summary>The names that a feature column cannot have, because the graph uses them.</summary>
    public static readonly string[] Names = [.. ModelOutput.Names, ModelOutput.MeanFieldFactor, ModelOutput.Temperature];

    /// <summary>Adds Uncertainty = −Σ p·log p / log K of the Score and the predicted label, and declares all outputs.</summary>
    /// <param name="graph">Gives Logits, Variance and Score; see <see cref="ScoreNodes"/>.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="varianceWidth">1, or K for a variance per class.</param>
    /// <param name="labelSource">The class of the largest of these is predicted: Logits where they order the classes as Score does.</param>
    public static void Add(OnnxGraph graph, int numberOfClasses, int varianceWidth, string labelSource)
    {
        AddUncertainty(graph, ModelOutput.Score, numberOfClasses);
        AddPredictedLabel(graph, labelSource);
        graph.Output(ModelOutput.PredictedLabel, 1, TensorProto.Types.DataType.Uint32);
        graph.Output(ModelOutput.Score, numberOfClasses);
        graph.Output(ModelOutput.Variance, varianceWidth);
        graph.Output(ModelOutput.Logits, numberOfClasses);
        graph.Output(ModelOutput.Uncertainty, 1);
    }

    internal static void AddUncertainty(OnnxGraph graph, string probabilities, int numberOfClasses)
    {
        graph.Constant("entropy/smallest", [SmallestProbability], 1);
        graph.Constant("entropy/minimum", [0f]);
        graph.Constant("entropy/maximum", [1f]);
        graph.Node("Max", "entropy/positive", [probabilities, "entropy/smallest"]);
        graph.Node("Log", "entropy/log", ["entropy/positive"]);
        graph.Node("Mul", "entropy/terms", [probabilities, "entropy/log"]);
        AddRowSum(graph, "entropy/normalised", "entropy/terms", numberOfClasses, -1 / Math.Log(numberOfClasses));
        // Rounding can leave [0, 1] by a few units in the last place.
        graph.Node("Clip", ModelOutput.Uncertainty, ["entropy/normalised", "entropy/minimum", "entropy/maximum"]);
    }

    /// <summary>Keys from 1 to K as in ML.NET; 0, the missing key, where a value is not a number.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">The class of the largest of these is predicted; shape [N, K].</param>
    private static void AddPredictedLabel(OnnxGraph graph, string values)
    {
        graph.Constant("label/first", [1L], 1);
        graph.Constant("label/missing", [0L], 1);
        graph.Node("ArgMax", "label/index", [values], [OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("keepdims", 1)]);
        graph.Node("Add", "label/key", ["label/index", "label/first"]);
        graph.Node("ReduceSum", "label/sum", [values], OnnxAttribute.Reduce(axis: 1, keepDimension: true));
        graph.Node("IsNaN", "label/not_a_number", ["label/sum"]);
        graph.Node("Where", "label/key_or_missing", ["label/not_a_number", "label/missing", "label/key"]);
        graph.Node("Cast", ModelOutput.PredictedLabel, ["label/key_or_missing"], [OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Uint32)]);
    }
}
