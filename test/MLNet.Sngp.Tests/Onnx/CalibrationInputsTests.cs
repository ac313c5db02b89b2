using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Persistence;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>λ and T are constants of an exported file, and inputs of one that is asked to have them.</summary>
[TestClass]
public sealed class CalibrationInputsTests
{
    private static readonly string[] Names = ["MeanFieldFactor", "Temperature"];
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void AFileHasConstantsUnlessInputsAreAskedFor()
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        using var chain = new TransformerChain<ITransformer>(_context.Transforms.NormalizeMinMax("Features").Fit(table), model);
        CollectionAssert.AreEqual(new[] { "Features" }, Inputs(Save(model)));
        CollectionAssert.AreEqual(new[] { "Features" }, Inputs(OnnxRun.Save(chain, _context, table, "constants")));
        CollectionAssert.AreEqual((string[])["Features", .. Names], Inputs(Save(model, overridableCalibration: true)));
        CollectionAssert.AreEqual(
            (string[])["Features", .. Names], Inputs(OnnxRun.Save(chain, _context, table, "inputs", overridableCalibration: true)));
    }

    [TestMethod]
    public void AHostCanFeedWhatIsAnInput()
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        using var calibrated = new SngpTransformer(_context, model.Model.With(3, 2));
        var onnx = Save(model, overridableCalibration: true);
        CollectionAssert.AreEqual(Scores(model, table), (float[])OnnxRun.Run(onnx, table)["Score"]);
        CollectionAssert.AreEqual(
            Scores(calibrated, table), (float[])OnnxRun.Run(onnx, table, Number("MeanFieldFactor", 2), Number("Temperature", 3))["Score"]);
        CollectionAssert.AreEqual(Scores(calibrated, table), (float[])OnnxRun.Run(Save(calibrated), table)["Score"]);
    }

    [TestMethod]
    public void AFileWithInputsIsLoadedAndSavedAsOneWithout()
    {
        using var model = SmallModel.Transformer(_context);
        using var stream = new MemoryStream(Save(model, overridableCalibration: true));
        using var loaded = _context.Sngp().LoadOnnx(stream);
        CollectionAssert.AreEqual(Save(model), Save(loaded));
        Assert.AreEqual(SmallModel.Temperature, loaded.Model.Temperature);
        Assert.AreEqual(SmallModel.MeanFieldFactor, loaded.Model.MeanFieldFactor);
    }

    [TestMethod]
    public void TheNoteOfOlderZipFilesOnInputsIsTakenOut()
    {
        var model = SmallModel.Create();
        var older = OnnxRun.Parse(RowwiseGraph.Create(model));
        older.MetadataProps.Add(
            new StringStringEntryProto { Key = RowwiseGraph.Prefix + "inputs", Value = "[\"MeanFieldFactor\",\"Temperature\"]" });
        CollectionAssert.AreEqual(model.OnnxBytes, RowwiseGraph.TryRestore(older.ToByteArray()));
    }

    private static byte[] Save(SngpTransformer model, bool overridableCalibration = false)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream, overridableCalibration);
        return stream.ToArray();
    }

    private static string[] Inputs(byte[] onnx) => [.. OnnxRun.Parse(onnx).Graph.Input.Select(input => input.Name)];

    private static float[] Scores(SngpTransformer model, IDataView table) =>
        [.. model.Transform(table).GetColumn<float[]>("Score").SelectMany(row => row)];

    private static NamedOnnxValue Number(string name, float value) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(new[] { value }, [1]));
}
