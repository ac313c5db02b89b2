using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Posterior;

/// <summary>The posterior of a large model is computed in parts, between which a training can be cancelled.</summary>
[TestClass]
public class CancelledPosteriorTests
{
    // Blocks of 512, 512 and 76.
    private const int NumberOfFeatures = 1100;

    [TestMethod]
    public void TheFullFormIsAskedAfterEachBlock()
    {
        // 3 + 2 + 1 blocks to eliminate, 1 + 2 + 3 to invert.
        AssertStopsAtEachOf(12, posterior => posterior.VarianceFactor(out _));
    }

    [TestMethod]
    public void TheTruncatedFormIsAskedAfterEachPart()
    {
        // 10 rows: one block of columns, their products, the eigenvectors.
        AssertStopsAtEachOf(3, posterior => posterior.Variance(1e-5, 2));
    }

    [TestMethod]
    public void AFormOfMoreColumnsThanAnEigendecompositionMayTakeKeepsThemAll()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var checks = 0;
        var posterior = new LaplacePosterior(2200, 1, CPU, throwIfCancelled: () => checks++);
        posterior.Add(Features(1, 1600, 2200), weights: null);
        var form = LowRankVariance.Find(posterior.Sum.select(0, 0), posterior.NumberOfRows, prior: 1, ridge: 1, tolerance: 1e-5,
            largestSquaredNorm: 2, () => checks++, mostEigenpairs: 1536)!;
        Assert.AreEqual(1600L, form.Factor.shape[1]);
        Assert.AreEqual(1.0, form.Prior, 1e-15);
        // Adding, 17 blocks of columns, their products, 4 blocks to factor and invert, the factor.
        Assert.AreEqual(1 + 17 + 1 + 10 + 10 + 1, checks);
        var test = Features(2, 50, 2200);
        var expected = test.mm(posterior.VarianceFactor(out _)).square().sum([1L], keepdim: true);
        Assert.IsTrue(allclose(VarianceForm.Join([form], scope).Of(test), expected, rtol: 0, atol: 1e-9));
    }

    [TestMethod]
    public void BlocksGiveTheInverseThatLapackGives()
    {
        using var scope = NewDisposeScope();
        var features = Features(1, 2000, NumberOfFeatures);
        var matrix = features.t().mm(features).add(eye(NumberOfFeatures, dtype: ScalarType.Float64));
        var expected = linalg.inv(linalg.cholesky(matrix)).mul(3);
        var actual = BlockedCholesky.ScaledInverse(matrix.clone(), 3, () => { });
        Assert.IsTrue(allclose(actual!, expected, rtol: 0, atol: 1e-12));
        Assert.AreEqual(0.0, actual!.triu(1).abs().max().item<double>());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(700)]
    [DataRow(1099)]
    public void WhatIsNotPositiveDefiniteHasNoFactor(int place)
    {
        using var scope = NewDisposeScope();
        foreach (var value in new[] { -1.0, 0.0, double.NaN, double.PositiveInfinity })
        {
            var matrix = eye(NumberOfFeatures, dtype: ScalarType.Float64);
            matrix[place, place] = tensor(value);
            Assert.IsNull(BlockedCholesky.ScaledInverse(matrix, 1, () => { }));
        }
    }

    [TestMethod]
    public void LargeProductsAreSplit()
    {
        using var scope = NewDisposeScope();
        var checks = 0;
        // 3·10¹⁰ operations, of which one call takes two thirds.
        var (left, right) = (ones(300, 5000), ones(5000, 10_000));
        var result = SplitProduct.Of(left, right, () => checks++);
        Assert.AreEqual(2, checks);
        Assert.AreEqual(5000f, result.min().item<float>());
        Assert.AreEqual(5000f, result.max().item<float>());
    }

    private static void AssertStopsAtEachOf(int checks, Action<LaplacePosterior> work)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (left, count) = (int.MaxValue, 0);
        var posterior = new LaplacePosterior(NumberOfFeatures, 1, CPU, throwIfCancelled: () =>
        {
            count++;
            if (left-- == 0)
                throw new OperationCanceledException();
        });
        posterior.Add(Features(1, 10, NumberOfFeatures), weights: null);
        Assert.AreEqual(1, count);
        count = 0;
        work(posterior);
        Assert.AreEqual(checks, count);
        for (var stop = 0; stop < checks; stop++)
        {
            left = stop;
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.ThrowsExactly<OperationCanceledException>(() => work(posterior));
            Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    private static Tensor Features(int seed, int rows, int count) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [rows, count], CPU).div(Math.Sqrt(count))
            .to(ScalarType.Float64);
}
