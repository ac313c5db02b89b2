using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;
using TwoMoons;

namespace MLNet.Sngp.Tests.Quality;

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
            options.Training.NumberOfEpochs = 30;
            ((ResidualMlp)options.Backbone).NumberOfHiddenLayers = 6;
            ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 64;
            options.Training.BatchSize = 64;
            if (options.Head == NetworkHead.GaussianProcess)
                options.GaussianProcess.NumberOfRandomFeatures = 256;
        });
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Concatenate("Features", nameof(MoonPoint.X), nameof(MoonPoint.Y)))
            .Append(trainer);
        using var model = pipeline.Fit(ml.Data.LoadFromEnumerable(MoonsData.Train(1)));
        var inside = model.Transform(ml.Data.LoadFromEnumerable(MoonsData.Test(1)));
        var outside = model.Transform(ml.Data.LoadFromEnumerable(MoonsData.OutOfDomain(1)));
        Assert.IsGreaterThanOrEqualTo(0.98, ml.Sngp().Evaluate(inside).Accuracy);
        var auroc = OutOfDomainMetrics.Compute(BernoulliVariances(inside), BernoulliVariances(outside)).AreaUnderRocCurve;
        if (isAware)
            Assert.IsGreaterThanOrEqualTo(0.95, auroc);
        else
            Assert.IsLessThanOrEqualTo(0.05, auroc);
    }

    private static double[] BernoulliVariances(IDataView scored) =>
        [.. scored.GetColumn<VBuffer<float>>("Score").Select(score => (double)score.GetItemOrDefault(0) * score.GetItemOrDefault(1))];
}
