using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A logistic model made by hand, with the outputs of a binary one.</summary>
internal static class SmallBinaryModel
{
    public static readonly IReadOnlyList<OutputColumn> Columns =
    [
        new("PredictedLabel", ColumnKind.Boolean), new("Probability", ColumnKind.Single), new("Score", ColumnKind.Single),
        new("Variance", ColumnKind.Single), new("Uncertainty", ColumnKind.Single),
    ];

    public static UncertaintyModel Create()
    {
        var graph = new OnnxGraph("binary");
        graph.Input("Features", SmallModel.Features);
        graph.Node("MatMul", "Score", ["Features", graph.Constant("Weights", [0.5f, -1f, 0.25f], 3, 1)]);
        graph.Node("Sigmoid", "Probability", ["Score"]);
        graph.Node("Mul", "Squares", ["Features", "Features"]);
        graph.Node("ReduceSum", "Variance", ["Squares"], [OnnxAttribute.Of("axes", new[] { 1L }), OnnxAttribute.Of("keepdims", 1L)]);
        graph.Node("Sub", "Rest", [graph.Constant("One", [1f], 1), "Probability"]);
        graph.Node("Mul", "Uncertainty", ["Probability", "Rest"]);
        graph.Node("Greater", "PredictedLabel", ["Score", graph.Constant("Zero", [0f], 1)]);
        graph.Output("PredictedLabel", 1, TensorProto.Types.DataType.Bool);
        foreach (var name in (string[])["Probability", "Score", "Variance", "Uncertainty"])
            graph.Output(name, 1);
        var metadata = ModelMetadata.Create("Test", "Features", Columns, ClassLabels.Of(false, true), []);
        return new UncertaintyModel(graph.ToModel("MLNet.Sngp", "0.1.0", metadata.ToProperties()).ToByteArray());
    }
}
