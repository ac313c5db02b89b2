using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>Graphs of older operator sets in the form of newer ones, and steps that apply such graphs in a joined file.</summary>
[TestClass]
public sealed class OpsetUpgradeTests
{
    [TestMethod]
    [DataRow(8, 12)]
    [DataRow(8, 17)]
    [DataRow(8, 18)]
    [DataRow(12, 13)]
    [DataRow(12, 18)]
    public void ANewerGraphGivesTheSame(int from, int to)
    {
        var model = Model(from);
        var expected = Run(model);
        OpsetUpgrade.Apply(model.Graph, from, to);
        model.OpsetImport[0].Version = to;
        CollectionAssert.AreEqual(expected, Run(model));
    }

    [TestMethod]
    public void AnOlderVersionLeavesItAlone()
    {
        var model = Model(12);
        OpsetUpgrade.Apply(model.Graph, 12, 12);
        OpsetUpgrade.Apply(model.Graph, 12, 8);
        Assert.AreEqual(Model(12), model);
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(12)]
    [DataRow(17)]
    public void AStepThatAppliesAModelIsJoined(int version)
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("other.onnx"), Model(version).ToByteArray());
        var data = TwoClusters.Load(ml, TwoClusters.Rows(60));
        var options = TwoClusters.QuickOptions();
        options.FeatureColumnName = "y";
        using var model = ml.Transforms.CopyColumns("x", "Features")
            .Append(ml.Transforms.ApplyOnnxModel(["y"], ["x"], folder.File("other.onnx")))
            .Append(ml.Sngp().Multiclass(options)).Fit(data);
        var onnx = OnnxRun.Save(model, ml, data, FormattableString.Invariant($"joined-{version}"));
        CollectionAssert.AreEqual(new[] { "Features" }, OnnxRun.Inputs(onnx));
        var expected = model.Transform(data).GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
        var actual = (float[])OnnxRun.Run(onnx, data)["Score"];
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5, $"{i}");
    }

    [TestMethod]
    public void AModelThatTakesNoBatchIsRefusedWithTheRemedy()
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        var other = Model(12);
        foreach (var column in other.Graph.Input.Concat(other.Graph.Output))
            column.Type.TensorType.Shape.Dim[0].DimValue = 3;
        File.WriteAllBytes(folder.File("other.onnx"), other.ToByteArray());
        var rows = TwoClusters.Rows(20).Select(row => new Three { Label = row.Label, X = [.. row.Features, .. row.Features, 0, 1] });
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(ml.Data.LoadFromEnumerable(rows))
            .Transform(ml.Data.LoadFromEnumerable(rows));
        var options = TwoClusters.QuickOptions();
        options.FeatureColumnName = "y";
        using var model = ml.Transforms.CopyColumns("x", "X").Append(ml.Transforms.ApplyOnnxModel(["y"], ["x"], folder.File("other.onnx")))
            .Append(ml.Sngp().Multiclass(options)).Fit(data);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => model.SaveAsOnnx(ml, data, Stream.Null));
        Assert.Contains("input 'x' has the shape [3, 2]", error.Message);
        Assert.Contains("Apply this step to the data before the pipeline", error.Message);
    }

    private static float[] Run(ModelProto model)
    {
        using var session = new InferenceSession(model.ToByteArray());
        float[] values = [.. Enumerable.Range(0, 8).Select(i => 3 * MathF.Sin(i + 1))];
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(values, [4, 2]))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    // Operators that were written otherwise once.
    private static ModelProto Model(int version)
    {
        var graph = new OnnxGraph("old");
        graph.Input("x", 2);
        graph.Node("Clip", "clipped", ["x"], [OnnxAttribute.Of("min", -2f), OnnxAttribute.Of("max", 2f)]);
        graph.Node("Unsqueeze", "deep", ["clipped"], [OnnxAttribute.Of("axes", new long[] { 2 })]);
        var constants = Enumerable.Range(1, 4).Select(i => graph.Constant(FormattableString.Invariant($"c{i}"), [i, i + 0.5f], 2));
        graph.Node("BatchNormalization", "normal", ["deep", .. constants], [OnnxAttribute.Of("spatial", 1L)]);
        graph.Node("Squeeze", "flat", ["normal"], [OnnxAttribute.Of("axes", new long[] { 2 })]);
        graph.Node("Dropout", "kept", ["flat"], [OnnxAttribute.Of("ratio", 0.5f)]);
        graph.Node("Pad", "padded", ["kept"], [OnnxAttribute.Of("pads", 0L, 0, 0, 1), OnnxAttribute.Of("value", 0.5f)]);
        graph.Node("Slice", "part", ["padded"],
            [OnnxAttribute.Of("starts", new long[] { 1 }), OnnxAttribute.Of("ends", new long[] { 3 }),
            OnnxAttribute.Of("axes", new long[] { 1 })]);
        var split = new NodeProto { OpType = "Split" };
        split.Input.Add("part");
        split.Output.AddRange(["left", "right"]);
        split.Attribute.AddRange([OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("split", 1L, 1)]);
        graph.Proto.Node.Add(split);
        graph.Node("Concat", "both", ["right", "left", "kept"], [OnnxAttribute.Of("axis", 1L)]);
        graph.Node("Softmax", "shares", ["both"]);
        graph.Node("ReduceSum", "sum", ["both"], [OnnxAttribute.Of("axes", new long[] { 1 })]);
        graph.Node("ReduceMean", "mean", ["both"], [OnnxAttribute.Of("axes", new long[] { 1 })]);
        graph.Node("Concat", "y", ["shares", "sum", "mean"], [OnnxAttribute.Of("axis", 1L)]);
        graph.Output("y", 6);
        var model = graph.ToModel("test", "1", []);
        model.OpsetImport[0].Version = version;
        OpsetUpgrade.Apply(model.Graph, 8, version);
        return model;
    }

    private sealed class Three
    {
        [VectorType(3, 2)]
        public float[] X { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
