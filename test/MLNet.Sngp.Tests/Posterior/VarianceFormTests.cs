using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using TwoMoons;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Posterior;

/// <summary>The truncated variance against the full form in double precision.</summary>
[TestClass]
public class VarianceFormTests
{
    private const int NumberOfFeatures = 512;
    private const double LargestSquaredNorm = 2;

    [TestMethod]
    [DataRow(5.0, 1e-3)]
    [DataRow(5.0, 1.0)]
    [DataRow(5.0, 1e3)]
    [DataRow(1.0, 1.0)]
    public void TheToleranceIsKeptInSinglePrecisionOnTwoMoons(double kernelScale, double ridge)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = Network(kernelScale, 2);
        var posterior = Posterior(network, Moons(MoonsData.Train(1)), ridge);
        var full = posterior.VarianceFactor(out _);
        Tensor[] places =
            [Moons(MoonsData.Train(1)), Moons(MoonsData.Grid()), Moons(MoonsData.OutOfDomain(1)), Gaussian(3, 2000, 2).mul(1000)];
        var narrowest = long.MaxValue;
        foreach (var tolerance in new[] { 1e-2, 1e-3, 1e-4, 1e-5, 3e-6 })
        {
            var form = posterior.Variance(tolerance, LargestSquaredNorm);
            narrowest = Math.Min(narrowest, form.Factor.shape[1]);
            foreach (var place in places)
            {
                var features = network.RandomFeatures(place);
                var exact = features.to(ScalarType.Float64).mm(full).square().sum([1L], keepdim: true);
                var actual = form.Of(features);
                Assert.IsLessThanOrEqualTo(tolerance, actual.sub(exact).abs().max().item<double>());
                Assert.IsGreaterThanOrEqualTo(0f, actual.min().item<float>());
            }
        }
        Assert.IsLessThan(NumberOfFeatures / 2, narrowest);
    }

    [TestMethod]
    public void FewColumnsRemainOnTwoMoonsAtTheDefaultTolerance()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var posterior = Posterior(Network(5, 2), Moons(MoonsData.Train(1)), ridge: 1);
        Assert.IsNotNull(posterior.Variance(1e-5, LargestSquaredNorm).Prior);
        Assert.IsLessThan(210L, posterior.Variance(1e-5, LargestSquaredNorm).Factor.shape[1]);
    }

    [TestMethod]
    public void ManyDimensionsKeepTheFullForm()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var posterior = Posterior(Network(20, 64), Gaussian(1, 2000, 64), ridge: 1);
        AssertIsFull(posterior, 1e-5, LargestSquaredNorm);
    }

    [TestMethod]
    public void NoToleranceNoBoundAndLessThanSinglePrecisionKeepTheFullForm()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var posterior = Posterior(Network(5, 2), Moons(MoonsData.Train(1)), ridge: 1);
        AssertIsFull(posterior, 0, LargestSquaredNorm);
        AssertIsFull(posterior, 1e-6, LargestSquaredNorm);
        AssertIsFull(posterior, 1e-5, double.PositiveInfinity);
        AssertIsFull(posterior, 1e-5, NumberOfFeatures);
        AssertIsFull(new LaplacePosterior(NumberOfFeatures, 1, CPU), 1e-5, LargestSquaredNorm);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(40)]
    [DataRow(200)]
    public void FewerRowsThanFeaturesTakeAsManyColumns(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = Network(20, 64);
        var posterior = Posterior(network, Gaussian(1, rows, 64), ridge: 1);
        var form = posterior.Variance(1e-5, LargestSquaredNorm);
        Assert.AreEqual((rows + 15) / 16 * 16, form.Factor.shape[1]);
        AssertClose(posterior, form, network.RandomFeatures(Gaussian(2, 100, 64)), 1e-9);
    }

    [TestMethod]
    public void ClassesWithDifferentRanksAreFilledUp()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = Network(20, 64);
        var posterior = new LaplacePosterior(NumberOfFeatures, 1, CPU, 3);
        var curvature = ones(60, 3, dtype: ScalarType.Float64).mul(0.25);
        curvature.narrow(0, 20, 40).narrow(1, 0, 1).zero_();
        curvature.narrow(0, 35, 25).narrow(1, 2, 1).zero_();
        posterior.Add(network.RandomFeatures(Gaussian(1, 60, 64)), null, curvature);
        var form = posterior.Variance(1e-5, LargestSquaredNorm);
        Assert.AreEqual(3 * 64L, form.Factor.shape[1]);
        Assert.AreEqual(3L, form.Prior!.shape[0]);
        AssertClose(posterior, form, network.RandomFeatures(Gaussian(2, 100, 64)), 1e-9, classes: 3);
    }

    [TestMethod]
    [DataRow(0.99, true)]
    [DataRow(0.9, true)]
    [DataRow(0.5, false)]
    [DataRow(0.0, false)]
    public void AMomentumThatShrinksThePriorIsTakenIntoAccount(double momentum, bool isTruncated)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = Network(5, 2);
        var posterior = new LaplacePosterior(NumberOfFeatures, 0.01, CPU, momentum: momentum);
        for (var i = 0; i < 8; i++)
            posterior.Add(network.RandomFeatures(Moons(MoonsData.Train(1)).narrow(0, i * 125, 125)), null);
        var form = posterior.Variance(1e-4, LargestSquaredNorm);
        Assert.AreEqual(isTruncated, form.Prior is not null);
        if (isTruncated)
            AssertClose(posterior, form, network.RandomFeatures(Moons(MoonsData.Grid())), 1e-4);
    }

    [TestMethod]
    public void APosteriorLargerThanTheMemoryIsRefusedBeforeTheWork()
    {
        OptionsValidator.ThrowIfTooLarge(8_000_000_000, 8_000_000_000);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => OptionsValidator.ThrowIfTooLarge(8_000_000_001, 8_000_000_000));
        Assert.Contains("NumberOfRandomFeatures", error.Message);
        Assert.Contains("8000000001", error.Message);
    }

    private static void AssertIsFull(LaplacePosterior posterior, double tolerance, double largestSquaredNorm)
    {
        var form = posterior.Variance(tolerance, largestSquaredNorm);
        Assert.IsNull(form.Prior);
        Assert.AreEqual(NumberOfFeatures, form.Factor.shape[1]);
    }

    private static void AssertClose(LaplacePosterior posterior, VarianceForm form, Tensor features, double tolerance, int classes = 1)
    {
        var exact = features.to(ScalarType.Float64);
        var expected = exact.mm(posterior.VarianceFactor(out _)).view(features.shape[0], classes, -1).square().sum([2L]);
        Assert.IsLessThanOrEqualTo(tolerance, form.Of(exact).sub(expected).abs().max().item<double>());
    }

    private static LaplacePosterior Posterior(MLNet.Sngp.Training.Network network, Tensor rows, double ridge)
    {
        var posterior = new LaplacePosterior(NumberOfFeatures, ridge, CPU);
        posterior.Add(network.RandomFeatures(rows), weights: null);
        return posterior;
    }

    private static MLNet.Sngp.Training.Network Network(double kernelScale, int width) =>
        TestNetwork.Create(
            width, 3, 64, 2, new SngpOptions { GaussianProcess =
            { NumberOfRandomFeatures = NumberOfFeatures, NormalizeGpInput = GpInputNormalization.None } }, 1, kernelScale);

    private static Tensor Moons(MoonPoint[] points) =>
        tensor(points.SelectMany(point => new[] { point.X, point.Y }).ToArray(), [points.Length, 2]);

    private static Tensor Gaussian(int seed, params long[] shape) =>
        Initial.Gaussian(new MLNet.Sngp.SeededRandom(seed, RandomPurpose.NetworkWeights), shape, CPU);
}
