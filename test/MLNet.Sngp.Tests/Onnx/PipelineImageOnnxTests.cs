using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>Pipelines over image files: ML.NET's steps in front of a model, and one ONNX file from raw pixels to the class.</summary>
[TestClass]
public sealed class PipelineImageOnnxTests
{
    private const int Size = 12;
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("planar")]
    [DataRow("interleaved, scaled, blue first")]
    [DataRow("grey")]
    [DataRow("bytes")]
    public void AGraphTakesRawPixels(string kind)
    {
        using var folder = new TemporaryFolder();
        var data = _ml.Data.LoadFromEnumerable(Pictures.Save(folder, 24, 16));
        IEstimator<ITransformer> pixels = kind switch
        {
            "planar" => _ml.Transforms.ExtractPixels("Features", "Image"),
            "grey" => _ml.Transforms.ConvertToGrayscale("Image")
                .Append(_ml.Transforms.ExtractPixels("Features", "Image", ImagePixelExtractingEstimator.ColorBits.Green)),
            "bytes" => _ml.Transforms.ExtractPixels("Bytes", "Image", outputAsFloatArray: false)
                .Append(_ml.Transforms.Conversion.ConvertType("Features", "Bytes", DataKind.Single)),
            _ => _ml.Transforms.ExtractPixels("Features", "Image", orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ABGR,
                interleavePixelColors: true, offsetImage: 117, scaleImage: 1 / 255f),
        };
        var options = Options();
        options.Backbone = new WideResNet { Depth = 10, WidenFactor = 1, BaseWidth = 4 };
        using var model = Loaded(Size).Append(pixels).Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sngp().Multiclass(options)).Fit(data);
        AssertSame(model, data, Size, $"pixels-{kind.Split(',')[0]}");
    }

    [TestMethod]
    public void APretrainedNetworkIsJoined()
    {
        using var folder = new TemporaryFolder();
        var data = _ml.Data.LoadFromEnumerable(Pictures.Save(folder, 16, 32));
        using var model = Loaded(224).Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(_ml.Transforms.DnnFeaturizeImage(
            "Features", input => input.ModelSelector.ResNet18(_ml, input.OutputColumn, input.InputColumn), "Pixels"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sngp().Multiclass(Options())).Fit(_ml.Data.Cache(data));
        AssertSame(model, data, 224, "pretrained");
        var known = _ml.MulticlassClassification.Evaluate(model.Transform(data));
        Assert.AreEqual(1, known.MicroAccuracy);
    }

    [TestMethod]
    public void PixelsOfOneColumnInSeveralStatesAreRefused()
    {
        using var folder = new TemporaryFolder();
        var data = _ml.Data.LoadFromEnumerable(Pictures.Save(folder, 8, 16));
        using var model = Loaded(8).Append(_ml.Transforms.ExtractPixels("Small", "Image"))
            .Append(_ml.Transforms.ResizeImages("Image", 10, 10)).Append(_ml.Transforms.ExtractPixels("Large", "Image"))
            .Append(_ml.Transforms.Concatenate("Features", "Small", "Large")).Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sngp().Multiclass(Options())).Fit(data);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => model.SaveAsOnnx(_ml, data, Stream.Null));
        Assert.Contains("pixels of column 'Image' in several states", error.Message);
        Assert.Contains("ResizeImages", error.Message);
    }

    private static SngpOptions Options() => new()
    {
        Seed = 1,
        GaussianProcess = { NumberOfRandomFeatures = 32 },
        Training = { NumberOfEpochs = 8, BatchSize = 8 },
    };

    private IEstimator<ITransformer> Loaded(int size) => _ml.Transforms.LoadImages("Image", "", nameof(Pictures.Row.Path))
        .Append(_ml.Transforms.ResizeImages("Image", size, size));

    private void AssertSame(ITransformer model, IDataView data, int size, string name)
    {
        var onnx = OnnxRun.Save(model, _ml, data, name);
        using var session = new InferenceSession(onnx);
        CollectionAssert.AreEqual(new[] { "Image" }, session.InputMetadata.Keys.ToList());
        var resized = Loaded(size).Fit(data).Transform(data);
        var pixels = resized.GetColumn<MLImage>("Image").SelectMany(image =>
        {
            var bytes = image.Pixels.ToArray();
            return image.PixelFormat == MLPixelFormat.Rgba32
                ? bytes
                : bytes.Chunk(4).SelectMany(pixel => new[] { pixel[2], pixel[1], pixel[0], pixel[3] });
        }).ToArray();
        var count = pixels.Length / (4 * size * size);
        if (name == "pixels-grey")
            pixels = [.. pixels.Chunk(4).SelectMany(Grey)];
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("Image", new DenseTensor<byte>(pixels, [count, size, size, 4]))]);
        var scored = model.Transform(data);
        var expected = scored.GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
        var actual = results.First(result => result.Name == "Score").AsEnumerable<float>().ToArray();
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], name == "pixels-grey" ? 0.05 : 1e-4, $"{i}");
        var values = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        CollectionAssert.AreEqual(
            values.GetColumn<string>("PredictedLabel").ToArray(),
            results.First(result => result.Name == "PredictedLabel").AsEnumerable<string>().ToArray());
    }

    // About what ConvertToGrayscale does; the file begins after it.
    private static byte[] Grey(byte[] pixel)
    {
        var grey = (byte)Math.Round((0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]));
        return [grey, grey, grey, pixel[3]];
    }
}
