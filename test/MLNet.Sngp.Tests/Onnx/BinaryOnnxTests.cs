using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>A trained binary model, alone and behind a pipeline, as an ONNX file under ONNX Runtime and under ML.NET's own
/// transformer.</summary>
[TestClass]
public sealed class BinaryOnnxTests
{
    private static readonly string[] Numbers = ["Probability", "Score", "Variance", "Uncertainty"];
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void APipelineIsOneFile()
    {
        var table = TwoClasses.Load(_ml, 100);
        using var model = _ml.Transforms.Concatenate("Inputs", "Features", "Weight")
            .Append(_ml.Transforms.NormalizeMeanVariance("Inputs", fixZero: false))
            .Append(_ml.Sngp().Binary(Options("Inputs")))
            .Fit(table);
        var onnx = OnnxRun.Save(model, _ml, table, "binary-pipeline");
        CollectionAssert.AreEquivalent(new[] { "Features", "Weight" }, OnnxRun.Inputs(onnx));
        var actual = OnnxRun.Run(onnx, table);
        var expected = model.Transform(table);
        foreach (var name in Numbers)
            AssertClose(expected.GetColumn<float>(name), (float[])actual[name], name);
        CollectionAssert.AreEqual(expected.GetColumn<bool>("PredictedLabel").ToArray(), actual["PredictedLabel"]);
    }

    [TestMethod]
    public void MLNetsOwnTransformerRunsTheFile()
    {
        using var folder = new TemporaryFolder();
        var table = TwoClasses.Load(_ml, 40);
        using var model = _ml.Sngp().Binary(Options("Features")).Fit(table);
        model.SaveAsOnnx(folder.File("binary.onnx"));
        OnnxRun.Keep(model.Model.OnnxBytes, "binary");
        using var applied = _ml.Transforms.ApplyOnnxModel(folder.File("binary.onnx")).Fit(table);
        var (expected, actual) = (model.Transform(table), applied.Transform(table));
        foreach (var name in Numbers)
            AssertClose(expected.GetColumn<float>(name), [.. actual.GetColumn<float[]>(name).Select(row => row.Single())], name);
        CollectionAssert.AreEqual(expected.GetColumn<bool>("PredictedLabel").ToArray(), actual.GetColumn<bool[]>("PredictedLabel").Select(
            row => row.Single()).ToArray());
    }

    private static SngpOptions Options(string features)
    {
        var options = TwoClusters.QuickOptions(epochs: 5);
        options.FeatureColumnName = features;
        return options;
    }

    private static void AssertClose(IEnumerable<float> expected, float[] actual, string name)
    {
        var row = 0;
        foreach (var value in expected)
            Assert.AreEqual(value, actual[row++], 1e-5f, name);
        Assert.AreEqual(row, actual.Length);
    }
}
