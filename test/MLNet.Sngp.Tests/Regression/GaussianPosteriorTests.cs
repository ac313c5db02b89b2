using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>The posterior of a regression against the exact Gaussian process and against the marginal likelihood.</summary>
[TestClass]
public class GaussianPosteriorTests
{
    private const int Rows = 150;
    private const int Units = 4;

    [TestMethod]
    public void TheVarianceIsThatOfTheExactGaussianProcess()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const double noise = 0.5;
        var (rows, others) = (Draw(Rows, Units, 1), Draw(200, Units, 2));
        using var map = new RandomFeatureMap(Units, new GaussianProcessOptions { NumberOfRandomFeatures = 4096 }, Units, seed: 1, CPU);
        var posterior = new LaplacePosterior(4096, ridge: 1, CPU);
        posterior.Add(map.call(rows), null);
        posterior.Weaken(noise);
        var variance = posterior.Variance(new PosteriorOptions().VarianceTolerance * noise, map.LargestSquaredNorm).Of(map.call(others));
        var factor = linalg.cholesky(Kernel(rows, rows) + (noise * eye(Rows, dtype: ScalarType.Float64)));
        var explained = linalg.solve_triangular(factor, Kernel(rows, others), upper: false).pow(2).sum([0L]);
        var expected = 1 - explained;
        // In the norm over the rows: of one row alone 4,096 random features know the kernel to 1/√4096 = 1.6e-2.
        Assert.IsLessThan(2e-2, ((variance.squeeze(1) - expected).norm() / expected.norm()).item<double>());
        Assert.IsGreaterThan(2 * expected.min().item<double>(), expected.max().item<double>(), "Some rows are better known than others.");
    }

    [TestMethod]
    [DataRow(1.0, false)]
    [DataRow(3.0, false)]
    [DataRow(1.0, true)]
    public void TheNoiseHasTheGreatestMarginalLikelihoodAndTheMeanIsThatOfIt(double ridge, bool isWeighted)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var features = Draw(Rows, 20, 3).mul(0.3);
        var targets = features.mm(Draw(20, 1, 4)).squeeze(1) + (0.4 * Draw(Rows, 1, 5).squeeze(1));
        // Whole weights are rows that come so often.
        var weights = isWeighted ? (arange(Rows) % 3).to(ScalarType.Float32) : null;
        var posterior = new LaplacePosterior(20, ridge, CPU);
        posterior.Add(features, weights);
        var mean = new PosteriorMean(20, CPU);
        mean.Add(features.narrow(0, 0, 100), targets.narrow(0, 0, 100), weights?.narrow(0, 0, 100));
        mean.Add(features.narrow(0, 100, 50), targets.narrow(0, 100, 50), weights?.narrow(0, 100, 50));
        var (beta, noise) = mean.Solve(posterior, 1e-7);

        var repeated = weights is null ? arange(Rows) : arange(Rows).repeat_interleave(weights.to(ScalarType.Int64));
        var (phi, z) = (features[repeated].to(ScalarType.Float64), targets[repeated].to(ScalarType.Float64).unsqueeze(1));
        var best = Evidence(phi, z, ridge, noise);
        foreach (var factor in new[] { 0.98, 1.02 })
            Assert.IsLessThan(best, Evidence(phi, z, ridge, noise * factor));
        var precision = phi.t().mm(phi) + (ridge * noise * eye(20, dtype: ScalarType.Float64));
        Assert.IsTrue(allclose(linalg.solve(precision, phi.t().mm(z)), beta, rtol: 1e-3, atol: 1e-6));
    }

    [TestMethod]
    public void LabelsWithoutNoiseHaveTheLeast()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var features = Draw(Rows, 20, 3);
        var posterior = new LaplacePosterior(20, ridge: 1, CPU);
        posterior.Add(features, null);
        var mean = new PosteriorMean(20, CPU);
        var truth = Draw(20, 1, 4);
        mean.Add(features, features.mm(truth).squeeze(1), null);
        var (beta, noise) = mean.Solve(posterior, 1e-7);
        Assert.AreEqual(1e-7, noise, 1e-7);
        Assert.IsTrue(allclose(truth.to(ScalarType.Float64), beta, rtol: 1e-4, atol: 1e-4));
    }

    /// <summary>log N(z; 0, ΦΦᵀ/ridge + νI).</summary>
    private static double Evidence(Tensor phi, Tensor z, double ridge, double noise)
    {
        var covariance = (phi.mm(phi.t()) / ridge) + (noise * eye(phi.shape[0], dtype: ScalarType.Float64));
        var factor = linalg.cholesky(covariance);
        var white = linalg.solve_triangular(factor, z, upper: false);
        return -(0.5 * white.pow(2).sum().item<double>()) - factor.diagonal().log().sum().item<double>();
    }

    private static Tensor Kernel(Tensor left, Tensor right) =>
        cdist(left.to(ScalarType.Float64), right.to(ScalarType.Float64)).pow(2).div(-2.0 * Units).exp();

    private static Tensor Draw(int count, int width, int seed)
    {
        var random = new SeededRandom(seed, RandomPurpose.RowOrder);
        return tensor(Enumerable.Range(0, count * width).Select(_ => (float)random.NextGaussian()).ToArray(), [count, width]);
    }
}
