using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
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

/// <summary>The graph under ONNX Runtime alone against the TorchSharp modules.</summary>
[TestClass]
public class SngpGraphTests
{
    private const int NumberOfFeatures = 5;
    private const int NumberOfClasses = 3;

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(7, true)]
    [DataRow(1000, true)]
    [DataRow(7, false)]
    public void TheGraphEqualsTheModules(int rows, bool scaleRandomFeatures)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, factor, session) = Build(scaleRandomFeatures, Math.PI / 8);
        using var owned = session;
        var input = Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [rows, NumberOfFeatures], CPU).mul(2);
        var features = network.RandomFeatures(input);
        var logits = network.Logits(input);
        var variance = features.to(ScalarType.Float64).mm(factor).square().sum(1, keepdim: true);
        var adjusted = logits.to(ScalarType.Float64) / (1 + (Math.PI / 8) * variance).sqrt();
        var probabilities = adjusted.softmax(1);
        var entropy = (probabilities * probabilities.log()).sum(1, keepdim: true).neg().div(Math.Log(NumberOfClasses));

        var actual = Run(session, input);
        AssertClose(logits, actual["Logits"], 1e-5);
        AssertClose(variance, actual["Variance"], scaleRandomFeatures ? 1e-5 : 1e-5 * features.square().sum(1).max().item<float>());
        AssertClose(probabilities, actual["Score"], 1e-6);
        AssertClose(entropy, actual["Uncertainty"], 1e-5);
        CollectionAssert.AreEqual(
            logits.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
    }

    [TestMethod]
    public void AHostCanFeedTheMeanFieldFactorAndTheTemperature()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (_, _, session) = Build(scaleRandomFeatures: true, Math.PI / 8);
        using var owned = session;
        var input = Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [10, NumberOfFeatures], CPU);
        var plain = Run(session, input);
        var off = Run(session, input, ("MeanFieldFactor", 0f), ("Temperature", 0.5f));
        AssertClose(tensor(plain["Logits"], [10, NumberOfClasses]).div(0.5).softmax(1), off["Score"], 1e-6);
        CollectionAssert.AreEqual(plain["Variance"], off["Variance"]);
    }

    [TestMethod]
    public void ARowThatHoldsNoNumberHasNoLabel()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (_, _, session) = Build(scaleRandomFeatures: true, Math.PI / 8);
        using var owned = session;
        var input = ones(3, NumberOfFeatures);
        input[1, 2] = tensor(float.NaN);
        var actual = Run(session, input);
        Assert.AreEqual(0f, actual["PredictedLabel"][1]);
        Assert.AreNotEqual(0f, actual["PredictedLabel"][0]);
        Assert.AreEqual(actual["PredictedLabel"][0], actual["PredictedLabel"][2]);
        Assert.IsTrue(float.IsNaN(actual["Score"][NumberOfClasses]));
        Assert.IsTrue(float.IsNaN(actual["Variance"][1]));
    }

    private static (Network Network, Tensor Factor, InferenceSession Session) Build(bool scaleRandomFeatures, double meanFieldFactor)
    {
        var options = new SngpOptions { Backbone = new ResidualMlp { NumberOfHiddenLayers = 3, NumberOfHiddenUnits = 24 }, GaussianProcess =
            { NumberOfRandomFeatures = 80, ScaleRandomFeatures = scaleRandomFeatures }, Posterior = { MeanFieldFactor = meanFieldFactor } };
        var network = TestNetwork.Create(NumberOfFeatures, 3, 24, NumberOfClasses, options, 3, 4);
        network.Mlp().BeginStep();
        var posterior = new LaplacePosterior(80, 1, CPU);
        posterior.Add(network.RandomFeatures(
            Initial.Gaussian(new SeededRandom(8, RandomPurpose.NetworkWeights), [50, NumberOfFeatures], CPU)), weights: null);
        var factor = posterior.VarianceFactor(out _);
        var bytes = network.Graph(options, NumberOfFeatures, NumberOfClasses, new VarianceForm(factor, null, 0, 1)).ToModel("test", "1", [])
            .ToByteArray();
        return (network, factor, new InferenceSession(bytes));
    }

    private static Dictionary<string, float[]> Run(InferenceSession session, Tensor input, params (string Name, float Value)[] overrides)
    {
        var inputs =
            new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor(
            "Features", new DenseTensor<float>(input.data<float>().ToArray(), [(int)input.shape[0], (int)input.shape[1]])) };
        inputs.AddRange(
            overrides.Select(pair => NamedOnnxValue.CreateFromTensor(pair.Name, new DenseTensor<float>(new[] { pair.Value }, [1]))));
        using var outputs = session.Run(inputs);
        return outputs.ToDictionary(output => output.Name, output => output.Name == "PredictedLabel"
            ? output.AsTensor<uint>().Select(key => (float)key).ToArray()
            : output.AsTensor<float>().ToArray());
    }

    private static void AssertClose(Tensor expected, float[] actual, double tolerance)
    {
        Assert.AreEqual(expected.numel(), actual.Length);
        var difference = (expected.to(ScalarType.Float64).reshape(-1) - tensor(actual).to(ScalarType.Float64)).abs().max().item<double>();
        Assert.IsLessThanOrEqualTo(tolerance, difference);
    }
}
