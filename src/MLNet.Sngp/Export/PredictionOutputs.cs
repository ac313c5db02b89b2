using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Export;

/// <summary>Completes a graph that computes logits, variance and score by the outputs that every model has.</summary>
internal static class PredictionOutputs
{
    public const string Logits = "Logits";
    public const string Variance = "Variance";
    public const string Score = "Score";
    public const string Uncertainty = "Uncertainty";
    public const string PredictedLabel = "PredictedLabel";
    public const string Probability = "Probability";
    public const string MeanFieldFactor = "MeanFieldFactor";
    public const string Temperature = "Temperature";

    // p·log p is 0 for p below this, the smallest normal number of single precision.
    private const float SmallestProbability = 1.17549435e-38f;

    /// <summary>The names that a feature column cannot have, because the graph uses them.</summary>
    public static readonly string[] Names = [Logits, Variance, Score, Uncertainty, PredictedLabel, Probability, MeanFieldFactor, Temperature];

    /// <summary>Adds Uncertainty = −Σ p·log p / log K of the Score and the predicted label, and declares all outputs.</summary>
    /// <param name="graph">Gives Logits, Variance and Score; see <see cref="ScoreNodes"/>.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="varianceWidth">1, or K for a variance per class.</param>
    /// <param name="labelSource">The class of the largest of these is predicted: Logits where they order the classes as Score does.</param>
    public static void Add(OnnxGraph graph, int numberOfClasses, int varianceWidth, string labelSource)
    {
        AddUncertainty(graph, Score, numberOfClasses);
        AddPredictedLabel(graph, labelSource);
        graph.Output(PredictedLabel, 1, TensorProto.Types.DataType.Uint32);
        graph.Output(Score, numberOfClasses);
        graph.Output(Variance, varianceWidth);
        graph.Output(Logits, numberOfClasses);
        graph.Output(Uncertainty, 1);
    }

    internal static void AddUncertainty(OnnxGraph graph, string probabilities, int numberOfClasses)
    {
        graph.Constant("entropy/smallest", [SmallestProbability], 1);
        graph.Constant("entropy/scale", [(float)(-1 / Math.Log(numberOfClasses))], 1);
        graph.Constant("entropy/minimum", [0f]);
        graph.Constant("entropy/maximum", [1f]);
        graph.Node("Max", "entropy/positive", [probabilities, "entropy/smallest"]);
        graph.Node("Log", "entropy/log", ["entropy/positive"]);
        graph.Node("Mul", "entropy/terms", [probabilities, "entropy/log"]);
        graph.Node("ReduceSum", "entropy/sum", ["entropy/terms"], [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 1)]);
        graph.Node("Mul", "entropy/normalised", ["entropy/sum", "entropy/scale"]);
        // Rounding can leave [0, 1] by a few units in the last place.
        graph.Node("Clip", Uncertainty, ["entropy/normalised", "entropy/minimum", "entropy/maximum"]);
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
        graph.Node("ReduceSum", "label/sum", [values], [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 1)]);
        graph.Node("IsNaN", "label/not_a_number", ["label/sum"]);
        graph.Node("Where", "label/key_or_missing", ["label/not_a_number", "label/missing", "label/key"]);
        graph.Node("Cast", PredictedLabel, ["label/key_or_missing"], [OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Uint32)]);
    }
}
