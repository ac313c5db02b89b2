using Google.Protobuf;
using Microsoft.ML;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Model;

[TestClass]
public sealed class UncertaintyModelTests
{
    [TestMethod]
    public void TheFileSaysWhatTheModelIs()
    {
        var model = SmallModel.Create(featureColumn: "Inputs");
        Assert.AreEqual("Test", model.Method);
        Assert.AreEqual("Inputs", model.FeatureColumnName);
        Assert.AreEqual(3, model.NumberOfFeatures);
        Assert.AreEqual(3, model.NumberOfClasses);
        Assert.AreEqual("0.001", model.Options["LearningRate"]);
        Assert.IsFalse(model.Options.ContainsKey("CovarianceMomentum"));
        Assert.AreEqual(SmallModel.MeanFieldFactor, model.MeanFieldFactor);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, model.Labels.Names.ToList());
    }

    [TestMethod]
    public void LoadOnnxGivesTheSameColumns()
    {
        var context = new MLContext();
        using var folder = new TemporaryFolder();
        using var transformer = SmallModel.Transformer(context);
        transformer.SaveAsOnnx(folder.File("model.onnx"));
        using var stream = new MemoryStream();
        transformer.SaveAsOnnx(stream);
        stream.Position = 0;
        using var fromFile = context.Sngp().LoadOnnx(folder.File("model.onnx"));
        using var fromStream = context.Sngp().LoadOnnx(stream);
        var table = SampleTable.Create(context, 50);
        foreach (var loaded in new[] { fromFile, fromStream })
        {
            var scored = loaded.Transform(table);
            CollectionAssert.AreEqual(DataViewReader.Describe(transformer.Transform(table).Schema), DataViewReader.Describe(scored.Schema));
            CollectionAssert.AreEqual(
                DataViewReader.Rows(transformer.Transform(table), [.. scored.Schema]), DataViewReader.Rows(scored, [.. scored.Schema]));
        }
        CollectionAssert.AreEqual(new[] { "model.onnx" }, folder.Files());
    }

    [TestMethod]
    public void AnSngpModelGivesAnSngpTransformer()
    {
        var context = new MLContext();
        using var stream = new MemoryStream(SmallModel.Bytes(method: "Sngp", options: [new("KernelScale", 2.5)]));
        using var transformer = context.Sngp().LoadOnnx(stream);
        var sngp = (SngpTransformer)transformer;
        Assert.AreEqual(SmallModel.MeanFieldFactor, sngp.MeanFieldFactor);
        Assert.AreEqual(SmallModel.Temperature, sngp.Temperature);
        Assert.AreEqual(2.5, sngp.KernelScale);
    }

    [TestMethod]
    public void ForeignAndDamagedFilesAreRefusedWithTheReason()
    {
        var bytes = SmallModel.Bytes();
        Refuse([], "no graph");
        Refuse("PK not a model at all"u8.ToArray(), "not an ONNX model");
        Refuse(bytes[..(bytes.Length / 2)], "not an ONNX model");
        Refuse(Change(model => model.MetadataProps.Clear()), "another program wrote it");
        Refuse(Change(model => Property(model, "format").Value = "3"), "Update MLNet.Sngp.Inference");
        Refuse(Change(model => Property(model, "format").Value = "1"), "Train the model again");
        Refuse(Change(model => Property(model, "labels").Value = "{"), "damaged");
        Refuse(Change(model => Property(model, "options").Value = "[1]"), "options");
        Refuse(Change(model => model.MetadataProps.Remove(Property(model, "method"))), "mlnet_sngp.method");
        Refuse(Change(model => model.MetadataProps.Remove(Property(model, "labels"))), "names no classes");
        foreach (var columns in (string[])["[]", "{}", "[1]", """[{"name":"","kind":"Single","vector":false,"classNames":false}]""",
            """[{"name":"Score","kind":"Text","vector":false,"classNames":false}]""",
            """[{"name":"Score","kind":"Key","vector":true,"classNames":false}]""",
            """[{"name":"Variance","kind":"Single","vector":false,"classNames":false},"""
            + """{"name":"Variance","kind":"Single","vector":false,"classNames":false}]"""])
            Refuse(Change(model => Property(model, "columns").Value = columns), "columns cannot be read");
        Refuse(
            Change(model => Property(model, "columns").Value = """[{"name":"Other","kind":"Single","vector":false,"classNames":false}]"""),
            "no output 'Other'");
        Refuse(
            Change(model => Property(model, "columns").Value =
                """[{"name":"Variance","kind":"Boolean","vector":false,"classNames":false}]"""),
            "do not fit");
        Refuse(
            Change(model => Property(model, "columns").Value = """[{"name":"Score","kind":"Boolean","vector":true,"classNames":true}]"""),
            "do not fit");
        Refuse(Change(model => model.Graph.Output.Clear()), "no output");
        Refuse(Change(model => model.Graph.Input[0].Name = "Other"), "inputs are [Other]");
        Refuse(Change(model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = long.MaxValue), "shape");
        Refuse(Change(model => model.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 5), "do not fit");
        Refuse(Change(model => model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External), "another file");
        Refuse(Change(model => model.Graph.Node[0].OpType = "Nonsense"), "of the kind 'Nonsense'");
        Refuse(Change(model => model.Graph.Node.RemoveAt(0)), "which nothing computes");
        Refuse(Change(model => model.Graph.Node[^1].Attribute[0].I = 99), "ONNX Runtime cannot run");
    }

    [TestMethod]
    public void AFileThatCannotBeWrittenLeavesTheOldOne()
    {
        using var folder = new TemporaryFolder();
        using var transformer = SmallModel.Transformer(new MLContext());
        Assert.Throws<IOException>(() => transformer.SaveAsOnnx(Path.Combine(folder.Path, "missing", "model.onnx")));
        Assert.IsEmpty(folder.Files());
    }

    private static StringStringEntryProto Property(ModelProto model, string name) =>
        model.MetadataProps.Single(property => property.Key == "mlnet_sngp." + name);

    private static byte[] Change(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(SmallModel.Bytes());
        change(model);
        return model.ToByteArray();
    }

    private static void Refuse(byte[] bytes, string because)
    {
        using var stream = new MemoryStream(bytes);
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => new MLContext().Sngp().LoadOnnx(stream)).Message, because);
    }
}
