using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

[TestClass]
public class RandomDirectionsTests
{
    [TestMethod]
    [DataRow(16, 64)]
    [DataRow(16, 40)]
    [DataRow(16, 7)]
    public void TheColumnsOfABlockAreOrthogonal(int units, int count)
    {
        using var scope = NewDisposeScope();
        var directions = Draw(units, count, seed: 1);
        CollectionAssert.AreEqual(new long[] { units, count }, directions.shape);
        for (var start = 0; start < count; start += units)
        {
            var block = directions.narrow(1, start, Math.Min(units, count - start));
            var products = block.t().mm(block);
            var offDiagonal = (products - products.diagonal().diag()).abs().max().item<float>();
            Assert.IsLessThan(1e-3f, offDiagonal);
        }
    }

    [TestMethod]
    public void BlocksAreIndependentOfEachOther()
    {
        using var scope = NewDisposeScope();
        var directions = Draw(32, 64, seed: 2);
        Assert.IsGreaterThan(1f, directions.narrow(1, 0, 32).t().mm(directions.narrow(1, 32, 32)).abs().max().item<float>());
    }

    [TestMethod]
    public void SquaredColumnNormsAreChiSquared()
    {
        using var scope = NewDisposeScope();
        const int units = 20, count = 10_000;
        var squares = Draw(units, count, seed: 3).to(ScalarType.Float64).square().sum([0L]);
        // Five standard errors of the mean H and the variance 2H of a χ² with H degrees of freedom.
        Assert.AreEqual(units, squares.mean().item<double>(), 5 * Math.Sqrt(2.0 * units / count));
        Assert.AreEqual(2.0 * units, squares.var().item<double>(), 0.1 * 2 * units);
    }

    [TestMethod]
    public void TheFactorIsUniformInSign()
    {
        using var scope = NewDisposeScope();
        var first = Enumerable.Range(1, 400).Count(seed => Draw(3, 1, seed)[0, 0].item<float>() > 0);
        Assert.AreEqual(200, first, 50);
    }

    [TestMethod]
    public void OrthogonalFeaturesApproximateTheKernelBetter()
    {
        using var scope = NewDisposeScope();
        var hidden = Initial.Gaussian(new SeededRandom(11, RandomPurpose.NetworkWeights), [20, 16], CPU).div(4);
        Assert.IsLessThan(Error(hidden, orthogonal: false), Error(hidden, orthogonal: true));
    }

    private static double Error(Tensor hidden, bool orthogonal)
    {
        var options = new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = 256, OrthogonalRandomFeatures = orthogonal } };
        var exact = cdist(hidden, hidden).square().div(-2).exp();
        return Enumerable.Range(1, 20).Average(seed =>
        {
            using var scope = NewDisposeScope();
            var process = new RandomFeatureMap(16, options.GaussianProcess, 1, seed, CPU);
            var features = process.call(hidden);
            return (features.mm(features.t()) - exact).square().mean().item<float>();
        });
    }

    private static Tensor Draw(int units, int count, int seed) =>
        RandomDirections.Orthogonal(new SeededRandom(seed, RandomPurpose.RandomFeatures), units, count, CPU);
}
