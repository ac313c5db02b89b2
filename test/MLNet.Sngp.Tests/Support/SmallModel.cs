using Google.Protobuf;
using Microsoft.ML;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A linear model with softmax, made by hand, that has the outputs and metadata of a trained one.</summary>
/// <remarks>variance = 0.1·Σx², score = softmax(logits / (T·√(1 + λ·variance))).</remarks>
internal static class SmallModel
{
    public const int Features = 3;
    public const float MeanFieldFactor = 0.4f;
    public const float Temperature = 1.25f;

    public static readonly ClassLabels ThreeLabels = ClassLabels.Of("red", "green", "blue");

    public static UncertaintyModel Create(ClassLabels? labels = null, string featureColumn = "Features", string method = "Test",
        bool variancePerClass = false, IEnumerable<KeyValuePair<string, object?>>? options = null, int numberOfFeatures = Features) =>
        new(Bytes(labels, featureColumn, method, variancePerClass, options, numberOfFeatures));

    public static SngpTransformer Transformer(MLContext context, ClassLabels? labels = null) => new(context, Create(labels));

    public static byte[] Bytes(ClassLabels? labels = null, string featureColumn = "Features", string method = "Test",
        bool variancePerClass = false, IEnumerable<KeyValuePair<string, object?>>? options = null, int numberOfFeatures = Features)
    {
        labels ??= ThreeLabels;
        var metadata = ModelMetadata.Create(method, featureColumn, Columns(labels.Count, variancePerClass), labels, options
            ?? [new("LearningRate", 0.001), new("CovarianceMomentum", null)]);
        var model = Graph(labels.Count, featureColumn, numberOfFeatures, variancePerClass)
            .ToModel("MLNet.Sngp", "0.1.0", metadata.ToProperties());
        CalibrationInputs.Remove(model.Graph);
        return model.ToByteArray();
    }

    public static IReadOnlyList<OutputColumn> Columns(int classes = 3, bool variancePerClass = false)
    {
        var perClass = new OutputColumn("Score", ColumnKind.Single, classes, IsVector: true, HasClassNames: true);
        return
        [
            new OutputColumn("PredictedLabel", ColumnKind.Key, HasClassNames: true), perClass,
            variancePerClass ? perClass with { Name = "Variance" } : new OutputColumn("Variance", ColumnKind.Single),
            perClass with { Name = "Logits" }, new OutputColumn("Uncertainty", ColumnKind.Single),
        ];
    }

    public static float Weight(int feature, int label) => MathF.Sin((3 * feature) + label + 1);

    public static float[] Logits(ReadOnlySpan<float> features, int classes)
    {
        var logits = new float[classes];
        for (var k = 0; k < classes; k++)
        {
            for (var i = 0; i < Features; i++)
                logits[k] += features[i] * Weight(i, k);
        }
        return logits;
    }

    public static float Variance(ReadOnlySpan<float> features)
    {
        var sum = 0f;
        foreach (var feature in features)
            sum += feature * feature;
        return 0.1f * sum;
    }

    public static float[] Score(ReadOnlySpan<float> features, int classes)
    {
        var scale = Temperature * MathF.Sqrt(1 + (MeanFieldFactor * Variance(features)));
        var score = Array.ConvertAll(Logits(features, classes), logit => MathF.Exp(logit / scale));
        var sum = score.Sum();
        return Array.ConvertAll(score, value => value / sum);
    }

    private static OnnxGraph Graph(int classes, string features, int numberOfFeatures, bool variancePerClass)
    {
        var graph = new OnnxGraph("small");
        graph.Input(features, numberOfFeatures);
        var weights = Enumerable.Range(0, numberOfFeatures * classes).Select(i => Weight(i / classes, i % classes)).ToArray();
        graph.Node("MatMul", "Logits", [features, graph.Constant("Weights", weights, numberOfFeatures, classes)]);
        graph.Node("Mul", "Squares", [features, features]);
        graph.Node("MatMul", "Variance", ["Squares",
            graph.Constant("Tenth", Enumerable.Repeat(0.1f, variancePerClass ? numberOfFeatures * classes : numberOfFeatures).ToArray(),
            numberOfFeatures, variancePerClass ? classes : 1)]);
        graph.Node("Mul", "Scaled", ["Variance", graph.Overridable("MeanFieldFactor", MeanFieldFactor)]);
        graph.Node("Add", "OneMore", ["Scaled", graph.Constant("One", [1f], 1)]);
        graph.Node("Sqrt", "Root", ["OneMore"]);
        graph.Node("Mul", "Divisor", ["Root", graph.Overridable("Temperature", Temperature)]);
        graph.Node("Div", "Adjusted", ["Logits", "Divisor"]);
        graph.Node("Softmax", "Score", ["Adjusted"], [OnnxAttribute.Of("axis", 1L)]);
        AddUncertainty(graph, classes);
        AddPredictedLabel(graph);
        graph.Output("Score", classes);
        graph.Output("Variance", variancePerClass ? classes : 1);
        graph.Output("Logits", classes);
        graph.Output("Uncertainty", 1);
        graph.Output("PredictedLabel", 1, TensorProto.Types.DataType.Uint32);
        return graph;
    }

    private static void AddUncertainty(OnnxGraph graph, int classes)
    {
        graph.Node("Max", "Positive", ["Score", graph.Constant("Smallest", [1e-37f], 1)]);
        graph.Node("Log", "Logarithms", ["Positive"]);
        graph.Node("Mul", "Terms", ["Score", "Logarithms"]);
        graph.Node("MatMul", "Uncertainty", ["Terms",
            graph.Constant("Normalizer", Enumerable.Repeat(-1 / MathF.Log(Math.Max(2, classes)), classes).ToArray(), classes, 1)]);
    }

    private static void AddPredictedLabel(OnnxGraph graph)
    {
        graph.Node("ArgMax", "Best", ["Logits"], [OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 1L)]);
        graph.Node("Add", "Key", ["Best", graph.Constant("Next", [1L], 1)]);
        graph.Node("ReduceSum", "Sum", ["Logits"], [OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 1L)]);
        graph.Node("IsNaN", "Missing", ["Sum"]);
        graph.Node("Where", "KeyOrMissing", ["Missing", graph.Constant("None", [0L], 1), "Key"]);
        graph.Node("Cast", "PredictedLabel", ["KeyOrMissing"], [OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Uint32)]);
    }
}
