using Microsoft.ML;
using Microsoft.ML.Data;
using TwoMoons;

namespace MLNet.Sngp.Tests.Quality;

/// <summary>The tutorial's data with the example's own generator, to the figures that the example promises.</summary>
[TestClass]
public class TwoMoonsTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void SngpIsAccurateAndDoubtsTheOutOfDomainCluster(bool tutorial)
    {
        var ml = new MLContext(1);
        var options = tutorial ? SngpOptions.Tutorial() : new SngpOptions();
        options.Seed = 1;
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Concatenate("Features", nameof(MoonPoint.X), nameof(MoonPoint.Y)))
            .Append(ml.Sngp().Multiclass(options));
        using var model = pipeline.Fit(ml.Data.LoadFromEnumerable(MoonsData.Train(1)));

        var inside = model.Transform(ml.Data.LoadFromEnumerable(MoonsData.Test(1)));
        var outside = model.Transform(ml.Data.LoadFromEnumerable(MoonsData.OutOfDomain(1)));
        Assert.IsGreaterThanOrEqualTo(0.99, ml.Sngp().Evaluate(inside).Accuracy);
        Assert.IsGreaterThanOrEqualTo(0.99, ml.Sngp().EvaluateOutOfDomain(inside, outside, "Variance").AreaUnderRocCurve);
        Assert.IsGreaterThanOrEqualTo(0.99, ml.Sngp().EvaluateOutOfDomain(inside, outside, "Uncertainty").AreaUnderRocCurve);
        Assert.IsGreaterThan(tutorial ? 0.8 : 0.7, outside.GetColumn<float>("Variance").Average());
        Assert.IsLessThan(0.05, inside.GetColumn<float>("Variance").Average());
    }
}
