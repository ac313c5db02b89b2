using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Export;

/// <summary>Completes the graph of a model for two classes, false and true, by the outputs that ML.NET's binary metrics take.</summary>
internal static class BinaryOutputs
{
    /// <summary>The probabilities of false and true, shape [N, 2].</summary>
    public const string Probabilities = "binary/probabilities";

    /// <summary>The logarithms of <see cref="Probabilities"/>, which the entropy needs anyway.</summary>
    public const string LogProbabilities = "entropy/log";

    /// <summary>
    /// Adds Score = l₁ − l₀, Probability = p₁, the predicted label, whether Score is above 0 (where ML.NET's metrics
    /// draw the line), and Uncertainty, and declares all outputs.
    /// </summary>
    /// <param name="graph">Gives Variance and <see cref="Probabilities"/>.</param>
    /// <param name="logits">The l of which p is the softmax, shape [N, 2]; their difference is exact where p rounds to 0 or 1.</param>
    public static void Add(OnnxGraph graph, string logits)
    {
        PredictionOutputs.AddUncertainty(graph, Probabilities, numberOfClasses: 2);
        graph.Constant("binary/false", [0L], 1);
        graph.Constant("binary/true", [1L], 1);
        graph.Node("Gather", ModelOutput.Probability, [Probabilities, "binary/true"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Gather", "binary/logit_of_true", [logits, "binary/true"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Gather", "binary/logit_of_false", [logits, "binary/false"], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Sub", ModelOutput.Score, ["binary/logit_of_true", "binary/logit_of_false"]);
        graph.Node("Greater", ModelOutput.PredictedLabel, [ModelOutput.Score, graph.Constant("binary/zero", [0f], 1)]);
        graph.Output(ModelOutput.PredictedLabel, 1, TensorProto.Types.DataType.Bool);
        graph.Output(ModelOutput.Probability, 1);
        graph.Output(ModelOutput.Score, 1);
        graph.Output(ModelOutput.Variance, 1);
        graph.Output(ModelOutput.Uncertainty, 1);
    }
}
