using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Posterior;

[TestClass]
public class LaplacePosteriorTests
{
    [TestMethod]
    public void TheVarianceIsThatOfAnExactGaussianProcess()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (train, test) = (Points(1, 20, 1), Points(2, 40, 2));
        var (gram, cross, own) = ApproximateKernels(train, test, chunks: 16, featuresPerChunk: 65_536);

        // The dual form costs the number of rows cubed instead of a million features cubed: k** − k*ᵀ(K + I)⁻¹k*.
        var approximate = DualVariance(gram, cross, own, ridge: 1);
        var exact = DualVariance(Kernel(train, train), Kernel(test, train), ones(40, dtype: ScalarType.Float64), ridge: 1);

        var error = (approximate - exact).abs();
        Assert.IsLessThan(5e-3, error.max().item<double>(), "largest error");
        Assert.IsLessThan(5e-4, error.mean().item<double>(), "mean error");
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.01)]
    public void ThePrimalFormEqualsTheDualForm(double ridge)
    {
        using var scope = NewDisposeScope();
        var (train, test) = (Features(1, 30, 50), Features(2, 20, 50));
        var posterior = new LaplacePosterior(50, ridge, CPU);
        posterior.Add(train, weights: null);
        var dual = DualVariance(train.mm(train.t()), test.mm(train.t()), test.square().sum(1), ridge);
        Assert.IsTrue(allclose(Variance(posterior, test), dual, rtol: 0, atol: 1e-6));
    }

    [TestMethod]
    public void BatchSizeAndRowOrderDoNotMatter()
    {
        using var scope = NewDisposeScope();
        var (train, test) = (Features(1, 60, 40), Features(2, 20, 40));
        var whole = new LaplacePosterior(40, 1, CPU);
        whole.Add(train, weights: null);
        var pieces = new LaplacePosterior(40, 1, CPU);
        foreach (var (start, count) in new (long, long)[] { (37, 23), (0, 1), (1, 36) })
            pieces.Add(train.narrow(0, start, count), weights: null);
        Assert.IsTrue(allclose(Variance(whole, test), Variance(pieces, test), rtol: 0, atol: 1e-10));
        var alone = cat(Enumerable.Range(0, 20).Select(row => Variance(whole, test.narrow(0, row, 1))).ToArray(), 0);
        Assert.IsTrue(allclose(Variance(whole, test), alone, rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    public void AWholeWeightCountsAsThatManyRows()
    {
        using var scope = NewDisposeScope();
        var train = Features(1, 10, 15);
        var weighted = new LaplacePosterior(15, 1, CPU);
        weighted.Add(train, full(10, 3f));
        var repeated = new LaplacePosterior(15, 1, CPU);
        for (var i = 0; i < 3; i++)
            repeated.Add(train, weights: null);
        Assert.IsTrue(allclose(weighted.Precision, repeated.Precision, rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    public void WithoutRowsTheVarianceIsThePriors()
    {
        using var scope = NewDisposeScope();
        var test = Features(2, 20, 40);
        var posterior = new LaplacePosterior(40, 0.5, CPU);
        Assert.IsTrue(allclose(Variance(posterior, test), test.square().sum(1), rtol: 0, atol: 1e-12));
    }

    [TestMethod]
    public void DuplicateRowsAndATinyRidgeGiveAFiniteVariance()
    {
        using var scope = NewDisposeScope();
        var row = Features(1, 1, 30);
        var posterior = new LaplacePosterior(30, 1e-6, CPU);
        posterior.Add(row.expand(100_000, 30), weights: null);
        var variance = Variance(posterior, Features(2, 20, 30));
        Assert.IsTrue(variance.isfinite().all().item<bool>());
        Assert.IsGreaterThanOrEqualTo(0, variance.min().item<double>());
    }

    [TestMethod]
    public void MoreFeaturesThanDuplicateRowsAreFactoredWithAJitterThatIsReported()
    {
        using var scope = NewDisposeScope();
        var posterior = new LaplacePosterior(50, 1e-6, CPU);
        posterior.Add(Features(1, 4, 50).mul(1e6).repeat(1000, 1), weights: null);
        var factor = posterior.VarianceFactor(out var jitter);
        Assert.IsGreaterThan(0, jitter);
        var test = Features(2, 20, 50);
        var variance = test.mm(factor).square().sum(1);
        Assert.IsTrue(variance.isfinite().all().item<bool>());
        Assert.IsGreaterThanOrEqualTo(0, variance.min().item<double>());
        // 46 of 50 directions are not in the training rows: most of the prior's variance is left, whatever the jitter.
        Assert.IsGreaterThan(0.7, variance.sum().item<double>() / test.square().sum().item<double>());
    }

    [TestMethod]
    public void RowsGivenTwiceCountTwiceUntilAReset()
    {
        using var scope = NewDisposeScope();
        var train = Features(1, 30, 20);
        var posterior = new LaplacePosterior(20, 0.5, CPU);
        posterior.Add(train, weights: null);
        var once = posterior.Precision.sub(eye(20, dtype: ScalarType.Float64).mul(0.5));
        posterior.Add(train, weights: null);
        var twice = posterior.Precision.sub(eye(20, dtype: ScalarType.Float64).mul(0.5));
        Assert.IsTrue(allclose(once.mul(2), twice, rtol: 0, atol: 1e-12));
        posterior.Reset();
        Assert.IsTrue(allclose(posterior.Precision, eye(20, dtype: ScalarType.Float64).mul(0.5).unsqueeze(0), rtol: 0, atol: 0));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.18)]
    [DataRow(0.52)]
    [DataRow(0.73)]
    [DataRow(1.0)]
    public void MomentumIsItsClosedForm(double momentum)
    {
        using var scope = NewDisposeScope();
        const double ridge = 0.3;
        var posterior = new LaplacePosterior(10, ridge, CPU, momentum: momentum);
        // After n batches: mⁿ·ridge·I + (1 − m)·Σᵢ mⁿ⁻¹⁻ⁱ·Sᵢ/Bᵢ.
        int[] sizes = [8, 8, 3];
        var expected = eye(10, dtype: ScalarType.Float64).mul(ridge * Math.Pow(momentum, sizes.Length));
        for (var i = 0; i < sizes.Length; i++)
        {
            var batch = Features(i + 1, sizes[i], 10);
            posterior.Add(batch, weights: null);
            expected = expected.add(batch.t().mm(batch).mul((1 - momentum) * Math.Pow(momentum, sizes.Length - 1 - i) / sizes[i]));
        }
        Assert.IsTrue(allclose(posterior.Precision, expected.unsqueeze(0), rtol: 0, atol: 1e-5));
    }

    [TestMethod]
    public void PerClassWithTwoClassesIsBinaryLogistic()
    {
        using var scope = NewDisposeScope();
        var (train, test, logits) = (Features(1, 40, 15), Features(2, 10, 15), Features(3, 40, 2).mul(4));
        var perClass = Posterior(train, logits, new() { Posterior = { Covariance = PosteriorCovariance.PerClass } });
        var binary = Posterior(train, logits, new() { Posterior = { Likelihood = GaussianProcessLikelihood.BinaryLogistic } });
        for (var k = 0; k < 2; k++)
            Assert.IsTrue(allclose(perClass.Precision[k], binary.Precision[0], rtol: 0, atol: 1e-12));
        var blocks = test.mm(perClass.VarianceFactor(out _)).reshape(10, 2, 15).square().sum(2);
        Assert.IsTrue(allclose(blocks, Variance(binary, test).unsqueeze(1).expand(10, 2), rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void PerClassAtUniformProbabilitiesIsSharedButScaled(int classes)
    {
        using var scope = NewDisposeScope();
        var train = Features(1, 40, 15);
        var logits = full([40, classes], 1.5, dtype: ScalarType.Float64);
        var prior = eye(15, dtype: ScalarType.Float64);
        var shared = Posterior(train, logits, new()).Precision[0].sub(prior);
        var perClass = Posterior(train, logits, new() { Posterior = { Covariance = PosteriorCovariance.PerClass } }).Precision;
        CollectionAssert.AreEqual(new long[] { classes, 15, 15 }, perClass.shape);
        foreach (var k in Enumerable.Range(0, classes))
            Assert.IsTrue(allclose(perClass[k].sub(prior), shared.mul(1.0 / classes * (1 - 1.0 / classes)), rtol: 0, atol: 1e-12));
    }

    [TestMethod]
    public void APrecisionThatIsNoNumberIsAnError()
    {
        using var scope = NewDisposeScope();
        var posterior = new LaplacePosterior(5, 1, CPU);
        posterior.Add(full([1, 5], double.NaN), weights: null);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => posterior.VarianceFactor(out _));
        Assert.Contains("RidgePenalty", error.Message);
    }

    /// <summary>Inner products of chunks × featuresPerChunk random features, a chunk at a time.</summary>
    private static (Tensor Gram, Tensor Cross, Tensor Own) ApproximateKernels(Tensor train, Tensor test, int chunks, int featuresPerChunk)
    {
        var options = new SngpOptions { GaussianProcess = { NumberOfRandomFeatures = featuresPerChunk } };
        var gram = zeros(train.shape[0], train.shape[0], dtype: ScalarType.Float64);
        var cross = zeros(test.shape[0], train.shape[0], dtype: ScalarType.Float64);
        var own = zeros(test.shape[0], dtype: ScalarType.Float64);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            using var scope = NewDisposeScope();
            var process = new RandomFeatureMap(1, options.GaussianProcess, 1, chunk, CPU);
            var (left, right) = (process.call(train).to(ScalarType.Float64), process.call(test).to(ScalarType.Float64));
            gram.add_(left.mm(left.t()).div(chunks));
            cross.add_(right.mm(left.t()).div(chunks));
            own.add_(right.square().sum(1).div(chunks));
        }
        return (gram, cross, own);
    }

    private static LaplacePosterior Posterior(Tensor features, Tensor logits, SngpOptions options)
    {
        var precisions = options.Posterior.Covariance == PosteriorCovariance.PerClass ? (int)logits.shape[1] : 1;
        var posterior = new LaplacePosterior(features.shape[1], options.Posterior.RidgePenalty, CPU, precisions);
        posterior.Add(features, weights: null, Curvature.Of(options.Posterior.Likelihood, options.Posterior.Covariance, logits));
        return posterior;
    }

    private static Tensor Variance(LaplacePosterior posterior, Tensor features) => features.mm(posterior.VarianceFactor(out _)).square()
        .sum(1);

    private static Tensor DualVariance(Tensor gram, Tensor cross, Tensor own, double ridge)
    {
        var inverse = linalg.inv(gram + eye(gram.shape[0], dtype: ScalarType.Float64).mul(ridge));
        return own - cross.mm(inverse).mul(cross).sum(1);
    }

    private static Tensor Kernel(Tensor left, Tensor right) =>
        (left.to(ScalarType.Float64) - right.to(ScalarType.Float64).t()).square().div(-2).exp();

    private static Tensor Points(int seed, int count, double scale) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [count, 1], CPU).mul(scale);

    private static Tensor Features(int seed, int rows, int count) =>
        Initial.Gaussian(new SeededRandom(seed, RandomPurpose.NetworkWeights), [rows, count], CPU).div(Math.Sqrt(count))
            .to(ScalarType.Float64);
}
