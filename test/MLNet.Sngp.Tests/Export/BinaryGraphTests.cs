using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNet.Sngp.Tests.Export;

/// <summary>The graph of a binary model under ONNX Runtime alone against the TorchSharp modules in double precision.</summary>
[TestClass]
public class BinaryGraphTests
{
    private const int NumberOfFeatures = 5;
    private const double MeanFieldFactor = Math.PI / 8;

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(300.0)]
    public void TheGraphEqualsTheModulesAlsoWhereProbabilitiesRoundToOne(double sharpness)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, factor, bytes) = Build(sharpness);
        using var session = new InferenceSession(bytes);
        var input = Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [200, NumberOfFeatures], CPU).mul(2);
        var features = network.RandomFeatures(input).to(ScalarType.Float64);
        var logits = features.mm(network.Process().OutputWeight.to(ScalarType.Float64));
        var adjusted = logits / (1 + MeanFieldFactor * features.mm(factor).square().sum(1, keepdim: true)).sqrt();
        var expected = adjusted.narrow(1, 1, 1).sub(adjusted.narrow(1, 0, 1)).data<double>().ToArray();

        using var outputs = Run(session, input);
        float[] score = Values<float>(outputs, "Score"), probability = Values<float>(outputs, "Probability"), uncertainty =
            Values<float>(outputs, "Uncertainty");
        var predicted = Values<bool>(outputs, "PredictedLabel");
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], score[i], 2e-6 * sharpness);
            Assert.AreEqual(expected[i] > 0, predicted[i]);
            double p = 1 / (1 + Math.Exp(-score[i])), q = 1 / (1 + Math.Exp(score[i]));
            Assert.AreEqual(p, probability[i], Math.Max(1e-36, 1e-5 * p));
            var entropy = -(p * Math.Log2(p) + q * Math.Log2(q));
            Assert.AreEqual(entropy, uncertainty[i], Math.Max(1e-6, 1e-4 * entropy));
        }
        if (sharpness > 1)
            Assert.IsGreaterThan(30, score.Max(Math.Abs), "The case is meant to saturate single precision.");
    }

    [TestMethod]
    public void TheOutputsAreTheFiveColumns()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var session = new InferenceSession(Build(1).Onnx);
        CollectionAssert.AreEqual(
            new[] { "PredictedLabel", "Probability", "Score", "Variance", "Uncertainty" }, session.OutputMetadata.Keys.ToArray());
        foreach (var (name, output) in session.OutputMetadata)
        {
            CollectionAssert.AreEqual(new[] { -1, 1 }, output.Dimensions, name);
            Assert.AreEqual(name == "PredictedLabel" ? typeof(bool) : typeof(float), output.ElementType, name);
        }
    }

    private static (Network Network, Tensor Factor, byte[] Onnx) Build(double sharpness)
    {
        var options = new SngpOptions { Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 24 }, GaussianProcess =
            { NumberOfRandomFeatures = 80 }, Posterior = { MeanFieldFactor = MeanFieldFactor } };
        var network = TestNetwork.Create(NumberOfFeatures, 2, 24, 2, options, 3, 4);
        network.Process().OutputWeight.mul_(sharpness);
        var posterior = new LaplacePosterior(80, 1, CPU);
        posterior.Add(network.RandomFeatures(
            Initial.Gaussian(new SeededRandom(8, RandomPurpose.NetworkWeights), [50, NumberOfFeatures], CPU)), weights: null);
        var factor = posterior.VarianceFactor(out _);
        return (network, factor, network.Graph(options, NumberOfFeatures, 2, new VarianceForm(factor, null, 0, 1),
            likelihood: Bernoulli.Instance).ToModel("test", "1", []).ToByteArray());
    }

    private static IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(InferenceSession session, Tensor input) => session.Run(
        [NamedOnnxValue.CreateFromTensor(
            "Features", new DenseTensor<float>(input.data<float>().ToArray(), [(int)input.shape[0], NumberOfFeatures]))]);

    private static T[] Values<T>(IEnumerable<DisposableNamedOnnxValue> outputs, string name) =>
        [.. outputs.First(output => output.Name == name).AsTensor<T>()];
}
