using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

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
        var form = posterior.Variance(options.VarianceTolerance, network.GaussianProcess.LargestSquaredNorm);
        Assert.IsNotNull(form.Prior);
        using var graph = new GraphRun(SngpGraph.Build(network, form, options));
        foreach (var input in new[] { Rows(1, 500), Rows(2, 500).mul(3) })
            GraphRun.AssertClose(Exact(network, posterior, input), graph.Run(input)["Variance"], options.VarianceTolerance);
    }

    [TestMethod]
    public void ABinaryModelTakesOneOfTheTwoEqualBlocks()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.PerClass, 2);
        var form = posterior.Variance(options.VarianceTolerance, network.GaussianProcess.LargestSquaredNorm);
        Assert.IsNotNull(form.Prior);
        using var graph = new GraphRun(SngpGraph.Build(network, form, options, task: ClassificationTask.Binary), names: ["Variance"]);
        var input = Rows(2, 500).mul(3);
        GraphRun.AssertClose(Exact(network, posterior, input).narrow(1, 0, 1), graph.Run(input)["Variance"], options.VarianceTolerance);
    }

    [TestMethod]
    public void NoRowOfAHundredThousandHasANegativeVariance()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.Shared, NumberOfClasses, repetitions: 100_000);
        using var graph = new GraphRun(SngpGraph.Build(network, posterior.Variance(options.VarianceTolerance, network.GaussianProcess.LargestSquaredNorm), options));
        for (var part = 0; part < 10; part++)
            Assert.IsTrue(graph.Run(Rows(part, 10_000).mul(part % 2 == 0 ? 1 : 100))["Variance"].All(variance => variance >= 0));
    }

    [TestMethod]
    public void NoNumberGivesNoNumber()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, posterior, options) = Fit(PosteriorCovariance.Shared, NumberOfClasses);
        using var graph = new GraphRun(SngpGraph.Build(network, posterior.Variance(options.VarianceTolerance, network.GaussianProcess.LargestSquaredNorm), options));
        foreach (var value in new[] { float.NaN, float.PositiveInfinity })
        {
            var input = Rows(1, 9);
            input[4, 1] = tensor(value);
            var variance = graph.Run(input)["Variance"];
            Assert.IsTrue(float.IsNaN(variance[4]));
            Assert.AreEqual(1, variance.Count(float.IsNaN));
        }
    }

    private static (SngpNetwork Network, LaplacePosterior Posterior, SngpTrainer.Options Options) Fit(PosteriorCovariance covariance, int classes, double repetitions = 1)
    {
        var options = new SngpTrainer.Options { NumberOfRandomFeatures = NumberOfRandomFeatures, Covariance = covariance };
        var network = new SngpNetwork(new NetworkShape(NumberOfFeatures, 2, 32, classes), options, 3, CPU, _ => 8);
        var posterior = new LaplacePosterior(NumberOfRandomFeatures, 1, CPU, covariance == PosteriorCovariance.PerClass ? classes : 1);
        var features = network.RandomFeatures(Rows(1, 500));
        posterior.Add(features, full(500, repetitions), LikelihoodWeights.Of(options.Likelihood, options.Covariance, network.GaussianProcess.Logits(features)));
        return (network, posterior, options);
    }

    private static Tensor Exact(SngpNetwork network, LaplacePosterior posterior, Tensor input) =>
        network.RandomFeatures(input).to(ScalarType.Float64).mm(posterior.VarianceFactor(out _)).view(input.shape[0], -1, NumberOfRandomFeatures).square().sum([2L]);

    private static Tensor Rows(int seed, long count) => Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [count, NumberOfFeatures], CPU);
}
