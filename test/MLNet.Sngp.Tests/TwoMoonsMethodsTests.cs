using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>
/// The tutorial's finding, in short: all methods tell the moons apart, and those without awareness of the distance are
/// surest of their class where no training point is near.
/// </summary>
[TestClass]
public class TwoMoonsMethodsTests
{
    [TestMethod]
    [DataRow("Deterministic", false)]
    [DataRow("MonteCarloDropout", false)]
    [DataRow("DeepEnsemble", false)]
    [DataRow("Sngp", true)]
    [DataRow("SngpEnsemble", true)]
    public void OnlySngpDoubtsTheFarCluster(string method, bool isAware)
    {
        var ml = new MLContext(1);
        var trainer = Methods.Create(ml, method, options =>
        {
            options.NumberOfEpochs = 30;
            options.NumberOfHiddenLayers = 6;
            options.NumberOfHiddenUnits = 64;
            options.BatchSize = 64;
            if (options is SngpTrainer.Options sngp)
                sngp.NumberOfRandomFeatures = 256;
        });
        using var model = trainer.Fit(TwoClusters.Load(ml, Moons(seed: 1)));
        var test = model.Transform(TwoClusters.Load(ml, Moons(seed: 2)));
        var quality = ml.Sngp().Evaluate(test);
        Assert.IsGreaterThanOrEqualTo(0.98, quality.Accuracy);
        var far = model.Transform(TwoClusters.Load(ml, FarCluster()));
        var auroc = OutOfDomainMetrics.Compute(BernoulliVariances(test), BernoulliVariances(far)).AreaUnderRocCurve;
        if (isAware)
            Assert.IsGreaterThanOrEqualTo(0.95, auroc);
        else
            Assert.IsLessThanOrEqualTo(0.05, auroc);
    }

    private static double[] BernoulliVariances(IDataView scored) =>
        [.. scored.GetColumn<VBuffer<float>>("Score").Select(score => (double)score.GetItemOrDefault(0) * score.GetItemOrDefault(1))];

    private static TwoClusters.Row[] Moons(int seed)
    {
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        return Enumerable.Range(0, 1000).Select(i =>
        {
            var angle = Math.PI * (i / 2) / 499;
            var (x, y) = i % 2 == 0 ? (Math.Cos(angle) - 0.1, Math.Sin(angle) + 0.2) : (1.1 - Math.Cos(angle), 0.3 - Math.Sin(angle));
            return Row(random, x, y, i % 2 == 0 ? "upper" : "lower");
        }).ToArray();
    }

    private static TwoClusters.Row[] FarCluster()
    {
        var random = new SeededRandom(3, RandomPurpose.NetworkWeights);
        return Enumerable.Range(0, 500).Select(i => Row(random, 2.5, -1.75, i % 2 == 0 ? "upper" : "lower")).ToArray();
    }

    private static TwoClusters.Row Row(SeededRandom random, double x, double y, string label) =>
        new() { Features = [(float)(x + 0.1 * random.NextGaussian()), (float)(y + 0.1 * random.NextGaussian())], Label = label };
}
