using MLNet.Sngp.Data;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Export;

/// <summary>Completes a graph that computes logits and variance by the outputs that every model has.</summary>
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

    private const string AdjustedLogits = "mean_field/logits";

    /// <summary>
    /// Adds the probabilities p = softmax(logits / (T·√(1 + λσ²))), Uncertainty = −Σ p·log p / log K and the
    /// predicted label, and declares all outputs.
    /// </summary>
    /// <remarks>Lu, Ie and Sha 2020, "Mean-field approximation to Gaussian-softmax integral". λ and T can be fed by a host.</remarks>
    public static void Add(OnnxGraph graph, int numberOfClasses, double meanFieldFactor, ClassificationTask task = ClassificationTask.Multiclass)
    {
        if (task == ClassificationTask.Binary)
        {
            AddBinary(graph, meanFieldFactor);
            return;
        }
        AddProbabilities(graph, Score, meanFieldFactor);
        AddUncertainty(graph, Score, numberOfClasses);
        AddPredictedLabel(graph, Logits);
        graph.Output(PredictedLabel, 1, TensorProto.Types.DataType.Uint32);
        graph.Output(Score, numberOfClasses);
        graph.Output(Variance, 1);
        graph.Output(Logits, numberOfClasses);
        graph.Output(Uncertainty, 1);
    }

    /// <summary>
    /// For two classes, false and true: Score is the difference of the adjusted logits, Probability that of true, and
    /// the predicted label whether Score is above 0, which is where ML.NET's metrics draw the line.
    /// </summary>
    private static void AddBinary(OnnxGraph graph, double meanFieldFactor)
    {
        const string probabilities = "binary/probabilities";
        AddProbabilities(graph, probabilities, meanFieldFactor);
        AddUncertainty(graph, probabilities, numberOfClasses: 2);
        graph.Constant("binary/false", [0L], 1);
        graph.Constant("binary/true", [1L], 1);
        graph.Constant("binary/zero", [0f], 1);
        graph.Node("Gather", Probability, [probabilities, "binary/true"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Gather", "binary/logit_of_true", [AdjustedLogits, "binary/true"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Gather", "binary/logit_of_false", [AdjustedLogits, "binary/false"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Sub", Score, ["binary/logit_of_true", "binary/logit_of_false"]);
        graph.Node("Greater", PredictedLabel, [Score, "binary/zero"]);
        graph.Output(PredictedLabel, 1, TensorProto.Types.DataType.Bool);
        graph.Output(Probability, 1);
        graph.Output(Score, 1);
        graph.Output(Variance, 1);
        graph.Output(Uncertainty, 1);
    }

    private static void AddProbabilities(OnnxGraph graph, string probabilities, double meanFieldFactor)
    {
        graph.Overridable(MeanFieldFactor, (float)meanFieldFactor);
        graph.Overridable(Temperature, 1);
        graph.Constant("mean_field/one", [1f], 1);
        graph.Node("Mul", "mean_field/scaled_variance", [Variance, MeanFieldFactor]);
        graph.Node("Add", "mean_field/square", ["mean_field/scaled_variance", "mean_field/one"]);
        graph.Node("Sqrt", "mean_field/root", ["mean_field/square"]);
        graph.Node("Mul", "mean_field/divisor", ["mean_field/root", Temperature]);
        graph.Node("Div", AdjustedLogits, [Logits, "mean_field/divisor"]);
        graph.Node("Softmax", probabilities, [AdjustedLogits], [OnnxAttribute.Of("axis", 1)]);
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
    internal static void AddPredictedLabel(OnnxGraph graph, string values)
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
