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

/// <summary>The graph of each form of layer, posterior and probability under ONNX Runtime alone against the TorchSharp modules.</summary>
[TestClass]
public class SngpGraphModesTests
{
    private const int Features = 5, Rows = 40, Seed = 6;

    private static readonly Dictionary<string, (int Classes, SngpOptions Options)> Modes = new()
    {
        ["linear kernel"] = (3, new() { GaussianProcess = { Kernel = GaussianProcessKernel.Linear } }),
        ["linear kernel, normalised, unscaled"] =
        (3, new() { GaussianProcess =
            { Kernel = GaussianProcessKernel.Linear, NormalizeGpInput = GpInputNormalization.LayerNorm, ScaleRandomFeatures = false } }),
        ["orthogonal"] = (3, new() { GaussianProcess = { OrthogonalRandomFeatures = true } }),
        ["normalised"] = (3, new() { GaussianProcess = { NormalizeGpInput = GpInputNormalization.LayerNorm } }),
        ["output bias"] = (3, new() { GaussianProcess = { OutputBias = -1.5 } }),
        ["binary logistic"] = (2, new() { Posterior = { Likelihood = GaussianProcessLikelihood.BinaryLogistic } }),
        ["Poisson"] = (2, new() { Posterior = { Likelihood = GaussianProcessLikelihood.Poisson, MeanFieldFactor = 1.3 } }),
        ["per class"] = (4,
        new() { GaussianProcess = { OutputBias = 0.5 }, Posterior = { Covariance = PosteriorCovariance.PerClass, MeanFieldFactor = 5 } }),
        ["per class, two classes"] =
        (2, new() { GaussianProcess = { NormalizeGpInput = GpInputNormalization.LayerNorm }, Posterior =
            { Covariance = PosteriorCovariance.PerClass } }),
        ["no adjustment"] = (3, new() { Posterior = { MeanFieldFactor = null } }),
        ["Monte Carlo"] = (3, new() { Posterior = { PosteriorSamples = 7 } }),
        ["Monte Carlo, per class"] = (3, new() { Posterior = { PosteriorSamples = 5, Covariance = PosteriorCovariance.PerClass } }),
        ["Monte Carlo, binary logistic"] =
        (2, new() { Posterior = { PosteriorSamples = 5, Likelihood = GaussianProcessLikelihood.BinaryLogistic } }),
    };

    public static IEnumerable<object[]> ModeNames => Modes.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(ModeNames))]
    public void TheGraphEqualsTheModules(string mode)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (classes, options) = Modes[mode];
        options.GaussianProcess.NumberOfRandomFeatures = 60;
        var network = Network(classes, options);
        var factor = Fit(network, options);
        using var session = new InferenceSession(
            network.Graph(options, Features, classes, new VarianceForm(
            factor, null, 0, Categorical.Instance.CountPrecisions(options.Posterior, classes)), Seed).ToModel("test", "1", [])
            .ToByteArray());
        var input = Gaussian(9, Rows, Features).mul(2);

        var features = network.RandomFeatures(input);
        var logits = network.Logits(input).to(ScalarType.Float64);
        var variance = features.to(ScalarType.Float64).mm(factor).reshape(Rows, -1, features.shape[1]).square().sum(2);
        var score = Score(logits, variance, options);
        var actual = Run(session, input);
        AssertClose(logits, actual["Logits"]);
        AssertClose(variance, actual["Variance"]);
        AssertClose(score, actual["Score"]);
        AssertClose((score * score.log()).sum(1).div(-Math.Log(classes)), actual["Uncertainty"]);
        CollectionAssert.AreEqual(
            score.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
        Assert.AreEqual(options.Posterior.PosteriorSamples is null, session.OverridableInitializerMetadata.ContainsKey("MeanFieldFactor"));
    }

    /// <summary>The formulas of the algorithm page in double precision.</summary>
    private static Tensor Score(Tensor logits, Tensor variance, SngpOptions options)
    {
        var factor = options.Posterior.MeanFieldFactor ?? 0;
        if (options.Posterior.PosteriorSamples is { } samples)
        {
            var draws = tensor(PosteriorDraws.Create(samples, (int)logits.shape[1], options.Posterior.Likelihood, Seed),
                [samples, 1, logits.shape[1]]);
            return logits.unsqueeze(0).add(draws.to(ScalarType.Float64).mul(variance.sqrt().unsqueeze(0))).softmax(2).mean([0L]);
        }
        return options.Posterior.Likelihood == GaussianProcessLikelihood.Poisson
            ? logits.mul(variance.mul(factor / 2).exp()).softmax(1)
            : logits.div(variance.mul(factor).add(1).sqrt()).softmax(1);
    }

    private static Network Network(int classes, SngpOptions options)
    {
        var network = TestNetwork.Create(Features, 2, 24, classes, options, 3, 4);
        network.Process().OutputWeight.mul_(3);
        network.Process().Normalization?.Layer.weight!.add_(Gaussian(5, 24).mul(0.1));
        network.Process().Normalization?.Layer.bias!.add_(Gaussian(6, 24).mul(0.1));
        return network;
    }

    private static Tensor Fit(Network network, SngpOptions options)
    {
        var gathering = new PosteriorGathering(network, options);
        var features = network.RandomFeatures(Gaussian(8, 30, Features));
        gathering.Posterior.Add(
            features, weights: null, Categorical.Instance.Curvature(options.Posterior, network.Logits(Gaussian(8, 30, Features))));
        return gathering.Posterior.VarianceFactor(out _);
    }

    private static Tensor Gaussian(int seed, params long[] shape) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), shape, CPU);

    private static Dictionary<string, float[]> Run(InferenceSession session, Tensor input)
    {
        var values = new DenseTensor<float>(input.data<float>().ToArray(), [Rows, Features]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("Features", values)]);
        return outputs.ToDictionary(output => output.Name, output => output.Name == "PredictedLabel"
            ? output.AsTensor<uint>().Select(key => (float)key).ToArray()
            : output.AsTensor<float>().ToArray());
    }

    /// <summary>1e-5, relative to the largest value where that is above 1.</summary>
    private static void AssertClose(Tensor expected, float[] actual)
    {
        Assert.AreEqual(expected.numel(), actual.Length);
        var difference = (expected.reshape(-1) - tensor(actual).to(ScalarType.Float64)).abs().max().item<double>();
        Assert.IsLessThanOrEqualTo(1e-5 * Math.Max(1, expected.abs().max().item<double>()), difference);
    }
}
