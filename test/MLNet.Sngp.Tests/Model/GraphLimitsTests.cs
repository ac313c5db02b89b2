using System.Text;
using Google.Protobuf;
using Microsoft.ML;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Stress.Fuzzing;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Model;

[TestClass]
public sealed class GraphLimitsTests
{
    [TestMethod]
    public void EveryKindOfModelKeepsTheLimits()
    {
        foreach (var (name, bytes) in Corpus.Onnx())
        {
            // The corpus has files of before 0.1, in which λ and T are inputs.
            var proto = ModelProto.Parser.ParseFrom(bytes);
            CalibrationInputs.Remove(proto.Graph);
            CollectionAssert.AreEqual(proto.ToByteArray(), new UncertaintyModel(bytes).OnnxBytes, name);
        }
    }

    [TestMethod]
    public void AValueThatIsDoubledAgainAndAgainIsRefused() => Refuse(graph =>
    {
        var value = "Logits";
        for (var i = 0; i < 40; i++)
            value = Add(graph, "Concat", [value, value], OnnxAttribute.Of("axis", 1L));
        Use(graph, value);
    }, "more elements a row");

    [TestMethod]
    public void AnOuterProductOfRowsIsRefused() => Refuse(graph =>
    {
        var flat = Add(graph, "Squeeze", ["Variance"], OnnxAttribute.Of("axes", [1L]));
        Use(graph, Add(graph, "Mul", [flat, "Variance"]));
    }, "more elements a row");

    [TestMethod]
    public void AnOuterProductOfConstantsIsRefused() => Refuse(graph =>
    {
        Constant(graph, "Column", 1000, 1);
        Constant(graph, "Row", 1, 1000);
        Use(graph, Add(graph, "MatMul", ["Column", "Row"]));
    }, "more elements a row");

    [TestMethod]
    public void AHugeConstantIsRefusedByWhatItDeclares() => Refuse(graph => graph.Initializer[0].Dims[0] = 1L << 40, "more elements a row");

    [TestMethod]
    public void FeaturesThatTheFileCannotWeighAreRefused() =>
        Refuse(graph => graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 1 << 20, "more elements a row");

    [TestMethod]
    public void AnUnsoundWorkloadIsRefused() => Refuse(graph =>
    {
        Constant(graph, "Square", 40, 40);
        var value = "Square";
        for (var i = 0; i < 100; i++)
            value = Add(graph, "MatMul", [value, "Square"]);
        Use(graph, Add(graph, "ReduceSum", [value], OnnxAttribute.Of("keepdims", 1L)));
    }, "multiplications a row");

    [TestMethod]
    [DataRow("Loop")]
    [DataRow("If")]
    [DataRow("ConstantOfShape")]
    [DataRow("RandomNormalLike")]
    [DataRow("Expand")]
    [DataRow("Tile")]
    public void OperatorsThatLoopOrGrowAreRefused(string kind) =>
        Refuse(graph => Use(graph, Add(graph, kind, ["Logits"])), $"of the kind '{kind}'");

    [TestMethod]
    public void OperatorsOfOtherDomainsAreRefused() => Refuse(graph => graph.Node[0].Domain = "com.example", "of the kind");

    [TestMethod]
    public void AnInputThatIsLeftOutIsRefused() =>
        Refuse(graph => graph.Node.First(node => node.OpType == "Max").Input[1] = "", "leaves out");

    [TestMethod]
    public void TwoValuesOfOneNameAreRefused() => Refuse(graph => graph.Node.Add(graph.Node[0].Clone()), "two values");

    [TestMethod]
    public void FieldsThatAreNotReadHereDoNotReachONNXRuntime()
    {
        // GraphProto.sparse_initializer (15) with values in another file: { values: { name: "s", external_data: { key: "location", value:
        // "/etc/passwd" }, data_location: EXTERNAL } }
        var secret = Encoding.ASCII.GetBytes("/etc/passwd");
        byte[] location = [0x0A, 8, .. "location"u8, 0x12, (byte)secret.Length, .. secret];
        byte[] values = [0x42, 1, (byte)'s', 0x6A, (byte)location.Length, .. location, 0x70, 1];
        byte[] sparse = [0x0A, (byte)values.Length, .. values];
        var model = ModelProto.Parser.ParseFrom(SmallModel.Bytes());
        model.Graph.MergeFrom((ByteString.CopyFrom([0x7A, (byte)sparse.Length, .. sparse])));
        var bytes = model.ToByteArray();
        Assert.IsTrue(bytes.AsSpan().IndexOf(secret) >= 0);
        var read = new UncertaintyModel(bytes);
        Assert.IsTrue(read.OnnxBytes.AsSpan().IndexOf(secret) < 0);
        CollectionAssert.AreEqual(SmallModel.Bytes(), read.OnnxBytes);
    }

    private static void Refuse(Action<GraphProto> change, string because)
    {
        var model = ModelProto.Parser.ParseFrom(SmallModel.Bytes());
        change(model.Graph);
        using var stream = new MemoryStream(model.ToByteArray());
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => new MLContext().Sngp().LoadOnnx(stream)).Message, because);
    }

    private static string Add(GraphProto graph, string kind, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = kind, Name = $"added/{graph.Node.Count}" };
        node.Input.Add(inputs);
        node.Output.Add(node.Name);
        node.Attribute.Add(attributes);
        graph.Node.Add(node);
        return node.Name;
    }

    // An output depends on the value, so that it must be computed.
    private static void Use(GraphProto graph, string value)
    {
        var node = graph.Node.First(node => node.Output[0] == "Uncertainty");
        graph.Node.Remove(node);
        node.Output[0] = "Plain";
        graph.Node.Add(node);
        Add(graph, "Max", ["Plain", value]);
        graph.Node[^1].Output[0] = "Uncertainty";
    }

    private static void Constant(GraphProto graph, string name, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.Add(dims);
        tensor.RawData = ByteString.CopyFrom(new byte[4 * dims.Aggregate((product, size) => product * size)]);
        graph.Initializer.Add(tensor);
    }
}
