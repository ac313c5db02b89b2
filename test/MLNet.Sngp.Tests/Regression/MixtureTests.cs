using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>The columns of several networks against the formulas of their mixture.</summary>
[TestClass]
public class MixtureTests
{
    private const double Ridge = 2;
    private static readonly double[] Noises = [0.1, 0.3];

    // Of two networks: f, g and σ².
    private static readonly float[] Row = [0.5f, -0.2f, 0.04f, 1.5f, 0.6f, 0.1f];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void MeansAndVariancesAreMixed(bool isHeteroscedastic)
    {
        // Labels 1 and 5: mean 3, deviation 2.
        var rows = new TrainingTable(1, hasWeights: false);
        foreach (var label in new[] { 1f, 5f })
        {
            rows.NextRow()[0] = 0;
            rows.Keep(label, 1);
        }
        var start = isHeteroscedastic ? HeteroscedasticGaussian.Instance : Gaussian.Instance;
        var columns = Columns(start.Adapt(rows, "Label", () => { }), isHeteroscedastic);
        double[] noises = isHeteroscedastic ? [0.1 * Math.Exp(-0.2), 0.3 * Math.Exp(0.6)] : Noises;
        // f̄ = 1, spread ((−½)² + ½²)/2 = ¼, posterior variance (0.04 + 0.1)/2 in units of 1/ridge.
        var (variance, noise) = (4 * (0.25 + (0.07 / Ridge)), 4 * noises.Average());
        Assert.AreEqual(5, columns["Score"], 1e-5);
        Assert.AreEqual(variance, columns["Variance"], 1e-5);
        Assert.AreEqual(noise, columns["NoiseVariance"], 1e-5);
        // 0.8 of a Gaussian lies within 1.2815516 deviations.
        Assert.AreEqual(5 - (1.2815516 * Math.Sqrt(variance + noise)), columns["Lower"], 1e-5);
        Assert.AreEqual(5 + (1.2815516 * Math.Sqrt(variance + noise)), columns["Upper"], 1e-5);
    }

    [TestMethod]
    [DataRow(0.5, 0.67448975)]
    [DataRow(0.9, 1.64485363)]
    [DataRow(0.99, 2.57582930)]
    public void TheQuantileIsThatOfTheGaussian(double confidence, double expected) =>
        Assert.AreEqual(expected, Gaussian.Quantile(confidence), 1e-7);

    private static Dictionary<string, float> Columns(Likelihood likelihood, bool isHeteroscedastic)
    {
        var options = new SngpOptions { NumberOfMembers = 2, Confidence = 0.8, Posterior = { RidgePenalty = Ridge } };
        var graph = new OnnxGraph("mixture");
        graph.Input("Features", Row.Length);
        var builder = new OnnxGraphBuilder(graph);
        var outputs = isHeteroscedastic ? 2 : 1;
        var networks = new[] { 0, 3 }.Select(start => (Part(graph, start, start + outputs), (string?)Part(graph, start + 2, start + 3)));
        likelihood.AddColumns(builder, Predictions.Join(builder, [.. networks]) with { Noises = Noises }, options, outputs, seed: 1);
        string[] names = [.. likelihood.Columns(options, outputs).Select(column => column.Name)];
        foreach (var name in names)
            graph.Output(name, 1);
        using var session = new InferenceSession(graph.ToModel("test", "1", []).ToByteArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("Features", new DenseTensor<float>(Row, [1, Row.Length]))], names);
        return results.ToDictionary(result => result.Name, result => result.AsTensor<float>().Single());
    }

    private static string Part(OnnxGraph graph, int from, int to)
    {
        var name = $"part_{from}_{to}";
        graph.Node("Slice", name, ["Features", graph.Constant(name + "/from", [(long)from], 1), graph.Constant(name + "/to", [(long)to], 1),
            graph.Constant(name + "/axis", [1L], 1)]);
        return name;
    }
}
