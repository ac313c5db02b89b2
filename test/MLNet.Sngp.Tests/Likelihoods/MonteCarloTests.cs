using Google.Protobuf;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Sngp.Tests.Likelihoods;

/// <summary>The Monte Carlo average in the graph against the integral that it estimates and the mean field that approximates it.</summary>
[TestClass]
public class MonteCarloTests
{
    // (logit difference, variance) of a few rows.
    private static readonly (double Logit, double Variance)[] Rows = [(0, 1), (0.5, 0.2), (1, 1), (2, 0.5), (3, 2), (-2, 1.5)];

    [TestMethod]
    [DataRow(GaussianProcessLikelihood.Gaussian, 2.0)]
    [DataRow(GaussianProcessLikelihood.BinaryLogistic, 1.0)]
    public void ItTendsToTheIntegral(GaussianProcessLikelihood likelihood, double varianceOfDifference)
    {
        var expected = Rows.Select(row => Integral(row.Logit, varianceOfDifference * row.Variance)).ToArray();
        double few = Error(50, likelihood, expected), many = Error(20_000, likelihood, expected);
        // Five standard errors of a mean of values in [0, 1] whose deviation is below a half.
        Assert.IsLessThan(5 * 0.5 / Math.Sqrt(20_000), many);
        Assert.IsLessThan(few, many);
    }

    [TestMethod]
    [DataRow(GaussianProcessLikelihood.Gaussian, 2.0)]
    [DataRow(GaussianProcessLikelihood.BinaryLogistic, 1.0)]
    public void ItTendsToTheMeanField(GaussianProcessLikelihood likelihood, double varianceOfDifference)
    {
        // λ = π/8 is for the variance of the difference of the two logits.
        var expected = Rows.Select(row => MeanField.Softmax(MeanField.AdjustLogits([0, row.Logit], varianceOfDifference * row.Variance))[1])
            .ToArray();
        // The approximation itself is good to 0.02 (MacKay 1992).
        Assert.IsLessThan(0.02, Error(20_000, likelihood, expected));
    }

    [TestMethod]
    public void DrawsDependOnTheSeedAlone()
    {
        CollectionAssert.AreEqual(PosteriorDraws.Create(10, 3, GaussianProcessLikelihood.Gaussian, 1), PosteriorDraws.Create(
            10, 3, GaussianProcessLikelihood.Gaussian, 1));
        CollectionAssert.AreNotEqual(PosteriorDraws.Create(10, 3, GaussianProcessLikelihood.Gaussian, 1), PosteriorDraws.Create(
            10, 3, GaussianProcessLikelihood.Gaussian, 2));
    }

    private static double Error(int samples, GaussianProcessLikelihood likelihood, double[] expected)
    {
        var options = new SngpOptions { Posterior = { PosteriorSamples = samples, Likelihood = likelihood } };
        var graph = new OnnxGraph("monte carlo");
        graph.Input("Features", 3);
        graph.Node("Slice", "In/Logits",
            ["Features", graph.Constant("zero", [0L], 1), graph.Constant("two", [2L], 1), graph.Constant("axis", [1L], 1)]);
        graph.Node("Slice", "In/Variance", ["Features", "two", graph.Constant("three", [3L], 1), "axis"]);
        var builder = new OnnxGraphBuilder(graph);
        Categorical.Instance.AddColumns(builder, new Predictions("In/Logits", "In/Variance", 1), options, 2, seed: 4);
        graph.Output("Score", 2);
        using var session = new InferenceSession(graph.ToModel("test", "1", []).ToByteArray());
        var values = Rows.SelectMany(row => new[] { 0f, (float)row.Logit, (float)row.Variance }).ToArray();
        using var outputs =
            session.Run([NamedOnnxValue.CreateFromTensor("Features", new DenseTensor<float>(values, [Rows.Length, 3]))], ["Score"]);
        var score = outputs.Single().AsTensor<float>().ToArray();
        return Enumerable.Range(0, Rows.Length).Max(i => Math.Abs(score[2 * i + 1] - expected[i]));
    }

    /// <summary>E[1/(1 + exp(−l))], l ~ N(mean, variance), by the trapezoidal rule over ±10 deviations.</summary>
    private static double Integral(double mean, double variance)
    {
        const int steps = 4000;
        double sum = 0, weights = 0;
        for (var i = 0; i <= steps; i++)
        {
            var z = -10 + 20.0 * i / steps;
            var density = Math.Exp(-z * z / 2);
            weights += density;
            sum += density / (1 + Math.Exp(-mean - z * Math.Sqrt(variance)));
        }
        return sum / weights;
    }
}
