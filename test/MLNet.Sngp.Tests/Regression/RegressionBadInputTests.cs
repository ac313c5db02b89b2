using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>What is said of labels and options that a regression cannot use, and of steps that cannot use a regression.</summary>
[TestClass]
public class RegressionBadInputTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Text", "must be a Single or a Double. Convert it with Transforms.Conversion.ConvertType(\"Text\"")]
    [DataRow("Whole", "must be a Single or a Double. Convert it with Transforms.Conversion.ConvertType(\"Whole\"")]
    [DataRow("Truth", "Use Binary for a Boolean.")]
    [DataRow("Features", "Give the name of a column with one value for each row")]
    [DataRow("Key", "Use Multiclass for a key.")]
    public void AnotherLabelIsRefused(string column, string remedy)
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(Load(new Row())).Transform(Load(new Row()));
        var trainer = _ml.Sngp().Regression(labelColumnName: column);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data));
        Assert.Contains($"The label column '{column}'", error.Message);
        Assert.Contains(remedy, error.Message);
    }

    [TestMethod]
    public void InfiniteLabelsAreRefusedByRow()
    {
        foreach (var (name, value) in new[] { ("Label", double.PositiveInfinity), ("Exact", 1e300) })
        {
            var rows = Waves.Rows(30);
            (rows[7].Label, rows[7].Exact) = ((float)value, value);
            var options = Waves.Options(1);
            options.LabelColumnName = name;
            var error = Assert.ThrowsExactly<InvalidOperationException>(
                () => _ml.Sngp().Regression(options).Fit(_ml.Data.LoadFromEnumerable(rows)));
            Assert.Contains($"Row 7 (counted from 0) of the column '{name}'", error.Message);
            Assert.Contains("beyond single precision", error.Message);
        }
    }

    [TestMethod]
    public void LabelsOfOneValueAreRefused()
    {
        var rows = Waves.Rows(30);
        foreach (var row in rows)
            row.Label = 3;
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Regression(Waves.Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("The label column 'Label' has the standard deviation 0", error.Message);
        foreach (var row in rows)
            row.Label = row.Features[0] * 1e20f;
        Assert.Contains("scale it", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Regression(Waves.Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows))).Message);
        foreach (var row in rows)
            row.Label = float.NaN;
        Assert.Contains("None of the 30 rows", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Regression(Waves.Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows))).Message);
    }

    [TestMethod]
    public void OptionsOfTheOtherTaskAreRefused()
    {
        Assert.Contains("Confidence is 0.8 in a classifier, which makes no use of it; set it back to 0.9", Refused(
            () => _ml.Sngp().Multiclass(new SngpOptions { Confidence = 0.8 })));
        Assert.Contains("Confidence is 1; it must be above 0 and below 1", Refused(
            () => _ml.Sngp().Regression(new SngpOptions { Confidence = 1 })));
        var message = Refused(() => _ml.Sngp().Regression(new SngpOptions { Posterior = { MeanFieldFactor = 1, FarRowFactor = 1,
            Covariance = PosteriorCovariance.PerClass } }));
        foreach (var option in new[] { "MeanFieldFactor", "FarRowFactor", "Covariance" })
            Assert.Contains($"Posterior.{option} is ", message);
        Assert.Contains("FeatureColumnName is \"NoiseVariance\"", Refused(
            () => _ml.Sngp().Regression(featureColumnName: "NoiseVariance")));
    }

    [TestMethod]
    public void AMomentumIsRefused()
    {
        var options = Waves.Options(1);
        (options.Posterior.CovarianceGathering, options.Posterior.CovarianceMomentum) = (CovarianceGathering.Momentum, 0.99);
        Assert.Contains("gather AfterTraining or LastEpoch", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Regression(options).Fit(Waves.Load(_ml, 60))).Message);
    }

    [TestMethod]
    public void StepsForClassifiersSayWhatToUse()
    {
        using var model = _ml.Sngp().Regression(Waves.Options(1)).Fit(Waves.Load(_ml, 60));
        var scored = model.Transform(Waves.Load(_ml, 60));
        Assert.Contains("mlContext.Regression.Evaluate", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Evaluate(scored)).Message);
        Assert.Contains("no probabilities to calibrate", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Calibrate().Fit(scored)).Message);
    }

    private static string Refused(Func<object> create) => Assert.ThrowsExactly<ArgumentException>(() => create()).Message;

    private IDataView Load(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public string Text { get; set; } = "a";

        public int Whole { get; set; }

        public bool Truth { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];
    }
}
