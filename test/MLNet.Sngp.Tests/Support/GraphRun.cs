using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Runs a graph under ONNX Runtime alone and compares what it gives with tensors.</summary>
internal sealed class GraphRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _names;

    /// <param name="graph">The graph.</param>
    /// <param name="names">The outputs to compute; null for all, which only multiclass models can give as numbers.</param>
    public GraphRun(OnnxGraph graph, string[]? names = null)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(graph.ToModel("test", "1", []).ToByteArray(), options);
        _names = names ?? [.. _session.OutputMetadata.Keys];
    }

    public Dictionary<string, float[]> Run(Tensor features, params (string Name, float Value)[] overrides)
    {
        var inputs =
            new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor(
            "Features", new DenseTensor<float>(features.data<float>().ToArray(), [(int)features.shape[0], (int)features.shape[1]])) };
        inputs.AddRange(
            overrides.Select(pair => NamedOnnxValue.CreateFromTensor(pair.Name, new DenseTensor<float>(new[] { pair.Value }, [1]))));
        using var outputs = _session.Run(inputs, _names);
        return outputs.ToDictionary(output => output.Name, output => output.Name == "PredictedLabel"
            ? output.AsTensor<uint>().Select(key => (float)key).ToArray()
            : output.AsTensor<float>().ToArray());
    }

    public static void AssertClose(Tensor expected, float[] actual, double tolerance)
    {
        Assert.AreEqual(expected.numel(), actual.Length);
        var difference = (expected.to(torch.ScalarType.Float64).reshape(-1) - torch.tensor(actual).to(torch.ScalarType.Float64)).abs().max()
            .item<double>();
        Assert.IsLessThanOrEqualTo(tolerance, difference);
    }

    public void Dispose() => _session.Dispose();
}
