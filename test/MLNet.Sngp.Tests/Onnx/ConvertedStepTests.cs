using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>Peculiarities of ML.NET's converter, in graphs as it writes them.</summary>
[TestClass]
public sealed class ConvertedStepTests
{
    [TestMethod]
    public void PickedSlotsArePickedInEveryRow()
    {
        var graph = new OnnxGraph("slots");
        graph.Node(
            "GatherElements", "Y", [graph.Input("X", 3), graph.Constant("PreservedSlots", [0L, 2L], 1, 2)], [OnnxAttribute.Of("axis", 1)]);
        graph.Node("Identity", "Y.output", ["Y"]);
        graph.Output("Y.output", 2);
        var step = ConvertedStep.Read(Model(graph), [Column("Y")])!;
        Assert.AreEqual("Y", step.Columns.Single().Value);
        Assert.AreEqual("Gather", step.Graph.Node.Single().OpType);

        var model = Model(new OnnxGraph("run"));
        model.Graph = step.Graph;
        model.Graph.Output.Add(new ValueInfoProto { Name = "Y", Type = step.Graph.Input[0].Type.Clone() });
        model.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 2;
        using var session = new InferenceSession(model.ToByteArray());
        using var result = session.Run([NamedOnnxValue.CreateFromTensor("X", new DenseTensor<float>(new[] { 1f, 2, 3, 4, 5, 6 }, [2, 3]))]);
        CollectionAssert.AreEqual(new[] { 1f, 3, 4, 6 }, result[0].AsTensor<float>().ToArray());
    }

    [TestMethod]
    public void AColumnThatIsAConstantOrTheInputItselfIsNotConverted()
    {
        var constant = new OnnxGraph("constant");
        constant.Input("X", 3);
        constant.Node("Identity", "Y", [constant.Constant("floats", [0f], 1, 1)]);
        constant.Node("Identity", "Y.output", ["Y"]);
        constant.Output("Y.output", 1);
        Assert.IsNull(ConvertedStep.Read(Model(constant), [Column("Y")]));

        var untouched = new OnnxGraph("untouched");
        untouched.Node("Identity", "X.output", [untouched.Input("X", 3)]);
        untouched.Output("X.output", 3);
        Assert.IsNull(ConvertedStep.Read(Model(untouched), [Column("X")]));
    }

    [TestMethod]
    public void OutputsThatOnlyCarrySlotNamesAreDropped()
    {
        var graph = new OnnxGraph("slot names");
        graph.Node("Neg", "X0", [graph.Input("X", 3)]);
        graph.Node("Identity", "X.output", ["X0"]);
        graph.Output("X.output", 3);
        graph.Node("Identity", "mlnet.X.unusedOutput", [graph.Constant("mlnet.X.SlotNames", [1L], 1, 1)]);
        graph.Output("mlnet.X.unusedOutput", 1, TensorProto.Types.DataType.Int64);
        var step = ConvertedStep.Read(Model(graph), [Column("X")])!;
        Assert.AreEqual("Neg", step.Graph.Node.Single().OpType);
        Assert.IsEmpty(step.Graph.Initializer);
    }

    [TestMethod]
    public void AGraphForOneRowIsTold()
    {
        Assert.IsTrue(Step("Reshape", [], 1, -1).HoldsForOneRow);
        Assert.IsFalse(Step("Reshape", [], -1, 3).HoldsForOneRow);
        Assert.IsTrue(Step("Squeeze", [OnnxAttribute.Of("axes", [0L])]).HoldsForOneRow);
        Assert.IsFalse(Step("Squeeze", [OnnxAttribute.Of("axes", [1L])]).HoldsForOneRow);
    }

    private static ConvertedStep Step(string operation, AttributeProto[] attributes, params long[] shape)
    {
        var graph = new OnnxGraph("step");
        graph.Node(operation, "Y", shape.Length > 0 ? [graph.Input("X", 3), "Shape"] : [graph.Input("X", 3)], attributes);
        graph.Node("Identity", "Y.output", ["Y"]);
        graph.Output("Y.output", 3);
        var model = Model(graph);
        if (shape.Length > 0)
            model.Graph.Initializer.Add(
                new TensorProto { Name = "Shape", DataType = (int)TensorProto.Types.DataType.Int64, Dims = { shape.Length }, Int64Data =
                { shape } });
        return ConvertedStep.Read(model, [Column("Y")])!;
    }

    private static ModelProto Model(OnnxGraph graph) => graph.ToModel("test", "1", []);

    private static DataViewSchema.Column Column(string name)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, 3));
        return builder.ToSchema()[0];
    }
}
