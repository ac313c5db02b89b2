using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Likelihoods;

/// <summary>p = softmax(l / √(1 + λ·(σ² + c·max(σ²/r − 1, 0)))) of one network and of two.</summary>
[TestClass]
public sealed class FarRowTests
{
    private static readonly float[] Variances = [0.01f, 0.05f, 0.06f, 0.2f, 1];

    [TestMethod]
    [DataRow(10.0, 0.05)]
    [DataRow(3.0, 0.01)]
    [DataRow(0.0, 0.05)]
    public void TheVarianceGrowsBeyondTheReference(double factor, double reference)
    {
        var scores = Score(new SngpOptions { Posterior = { FarRowFactor = factor } }, factor > 0 ? [reference] : null);
        for (var row = 0; row < Variances.Length; row++)
            Assert.AreEqual(Expected(Variances[row], factor, reference), scores[(2 * row) + 1], 1e-6);
    }

    [TestMethod]
    public void EachNetworkHasItsOwnReference()
    {
        var scores = Score(new SngpOptions(), [0.05, 0.2]);
        for (var row = 0; row < Variances.Length; row++)
            Assert.AreEqual((Expected(Variances[row], 10, 0.05) + Expected(Variances[row], 10, 0.2)) / 2, scores[(2 * row) + 1], 1e-6);
    }

    [TestMethod]
    public void WhatIsNoNumberStaysSo() => Assert.IsTrue(float.IsNaN(Score(new SngpOptions(), [0.05], float.NaN)[0]));

    // The logits are 0 and 2.
    private static double Expected(double variance, double factor, double reference)
    {
        var total = variance + (factor * Math.Max((variance / reference) - 1, 0));
        return 1 / (1 + Math.Exp(-2 / Math.Sqrt(1 + (Math.PI / 8 * total))));
    }

    private static float[] Score(SngpOptions options, double[]? references, float? only = null)
    {
        var count = references?.Length ?? 1;
        var graph = new OnnxGraph("far");
        graph.Input("Features", 3);
        graph.Node("Slice", "In/Logits",
            ["Features", graph.Constant("zero", [0L], 1), graph.Constant("two", [2L], 1), graph.Constant("axis", [1L], 1)]);
        graph.Node("Slice", "In/Variance", ["Features", "two", graph.Constant("three", [3L], 1), "axis"]);
        var builder = new OnnxGraphBuilder(graph);
        var networks = Enumerable.Repeat(("In/Logits", (string?)"In/Variance"), count).ToArray();
        Categorical.Instance.AddColumns(builder, Predictions.Join(builder, networks) with { References = references }, options, 2, seed: 1);
        graph.Output("Score", 2);
        using var session = new InferenceSession(graph.ToModel("test", "1", []).ToByteArray());
        float[] values = [.. (only is { } one ? [one] : Variances).SelectMany(variance => new[] { 0, 2, variance })];
        using var outputs =
            session.Run([NamedOnnxValue.CreateFromTensor("Features", new DenseTensor<float>(values, [values.Length / 3, 3]))], ["Score"]);
        return outputs.Single().AsTensor<float>().ToArray();
    }
}
