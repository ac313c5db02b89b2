using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Posterior;

/// <summary>The truncated variance as ONNX Runtime computes it, against the full form in double precision.</summary>
[TestClass]
public class VarianceNodesTests
{
    private const int NumberOfFeatures = 2;
    private const int NumberOfRandomFeatures = 256;
    private const int NumberOfClasses = 3;

    [TestMethod]
    [DataRow(PosteriorCovariance.Shared)]
    [DataRow(PosteriorCovariance.PerClass)]
    public void TheGraphKeepsTheTolerance(PosteriorCovariance covariance)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(covariance, NumberOfClasses);
        var form = posterior.Variance(options.Posterior.VarianceTolerance, network.Process().Map.LargestSquaredNorm);
        Assert.IsNotNull(form.Prior);
        using var graph = new GraphRun(network.Graph(options, NumberOfFeatures, NumberOfClasses, form));
        foreach (var input in new[] { Rows(1, 500), Rows(2, 500).mul(3) })
            GraphRun.AssertClose(Exact(network, posterior, input), graph.Run(input)["Variance"], options.Posterior.VarianceTolerance);
    }

    [TestMethod]
    public void ABinaryModelHasOneOfTheTwoEqualPrecisions()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.PerClass, 2, likelihood: Bernoulli.Instance);
        var form = posterior.Variance(options.Posterior.VarianceTolerance, network.Process().Map.LargestSquaredNorm);
        Assert.IsNotNull(form.Prior);
        using var graph =
            new GraphRun(network.Graph(options, NumberOfFeatures, 2, form, likelihood: Bernoulli.Instance), names: ["Variance"]);
        var input = Rows(2, 500).mul(3);
        GraphRun.AssertClose(Exact(network, posterior, input), graph.Run(input)["Variance"], options.Posterior.VarianceTolerance);
    }

    [TestMethod]
    public void NoRowOfAHundredThousandHasANegativeVariance()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.Shared, NumberOfClasses, repetitions: 100_000);
        using var graph = new GraphRun(
            network.Graph(options, NumberOfFeatures, NumberOfClasses, posterior.Variance(
            options.Posterior.VarianceTolerance, network.Process().Map.LargestSquaredNorm)));
        for (var part = 0; part < 10; part++)
            Assert.IsTrue(graph.Run(Rows(part, 10_000).mul(part % 2 == 0 ? 1 : 100))["Variance"].All(variance => variance >= 0));
    }

    [TestMethod]
    public void NoNumberGivesNoNumber()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.Shared, NumberOfClasses);
        using var graph = new GraphRun(
            network.Graph(options, NumberOfFeatures, NumberOfClasses, posterior.Variance(
            options.Posterior.VarianceTolerance, network.Process().Map.LargestSquaredNorm)));
        foreach (var value in new[] { float.NaN, float.PositiveInfinity })
        {
            var input = Rows(1, 9);
            input[4, 1] = tensor(value);
            var variance = graph.Run(input)["Variance"];
            Assert.IsTrue(float.IsNaN(variance[4]));
            Assert.AreEqual(1, variance.Count(float.IsNaN));
        }
    }

    private static (Network Network, LaplacePosterior Posterior, SngpOptions Options) Fit(
        PosteriorCovariance covariance, int classes, double repetitions = 1, Likelihood? likelihood = null)
    {
        var options = new SngpOptions { GaussianProcess =
            { NumberOfRandomFeatures = NumberOfRandomFeatures, NormalizeGpInput = GpInputNormalization.None }, Posterior =
            { Covariance = covariance } };
        var network = TestNetwork.Create(NumberOfFeatures, 2, 32, classes, options, 3, 8);
        var posterior = new LaplacePosterior(NumberOfRandomFeatures, 1, CPU, (likelihood ?? Categorical.Instance)
            .CountPrecisions(options.Posterior, classes));
        var features = network.RandomFeatures(Rows(1, 500));
        posterior.Add(features, full(500, repetitions), (likelihood ?? Categorical.Instance).Curvature(
            options.Posterior, network.Logits(Rows(1, 500))));
        return (network, posterior, options);
    }

    private static Tensor Exact(Network network, LaplacePosterior posterior, Tensor input) =>
        network.RandomFeatures(input).to(ScalarType.Float64).mm(posterior.VarianceFactor(out _))
            .view(input.shape[0], -1, NumberOfRandomFeatures).square().sum([2L]);

    private static Tensor Rows(int seed, long count) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [count, NumberOfFeatures], CPU);
}
