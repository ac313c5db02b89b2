using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests;

[TestClass]
public class SngpBinaryTrainerTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void LearnsToTellTwoClustersApartAndToDoubtFarRows()
    {
        using var model = TwoClasses.Train(_ml, epochs: 30, rows: 200);
        var test = TwoClasses.Rows(100, seed: 2);
        var predictions = TwoClasses.Predict(_ml, model, test);
        Assert.IsGreaterThanOrEqualTo(99, predictions.Zip(test).Count(pair => pair.First.PredictedLabel == pair.Second.Label));
        Assert.IsGreaterThan(
            0.8, predictions.Zip(test).Average(pair => pair.Second.Label ? pair.First.Probability : 1 - pair.First.Probability));

        var far = Array.ConvertAll(test, row => new TwoClasses.Row { Features = [row.Features[0] + 8, row.Features[1] - 8] });
        Assert.IsGreaterThan(
            5 * predictions.Average(row => row.Variance), TwoClasses.Predict(_ml, model, far).Average(row => row.Variance));
    }

    [TestMethod]
    public void TheColumnsHaveTheTypesOfTheDocumentation()
    {
        using var model = TwoClasses.Train(_ml);
        var columns = DataViewReader.Describe(model.GetOutputSchema(TwoClasses.Load(_ml, 1).Schema)).TakeLast(5).ToList();
        CollectionAssert.AreEqual(
            new[] { "PredictedLabel: Boolean", "Probability: Single", "Score: Single", "Variance: Single", "Uncertainty: Single" },
            columns);
    }

    [TestMethod]
    public void TheColumnsAgreeWithEachOther()
    {
        using var model = TwoClasses.Train(_ml, epochs: 10);
        foreach (var row in TwoClasses.Predict(_ml, model, TwoClasses.Rows(50, seed: 3)))
        {
            double p = 1 / (1 + Math.Exp(-row.Score)), q = 1 / (1 + Math.Exp(row.Score));
            Assert.AreEqual(p, row.Probability, 1e-6);
            Assert.AreEqual(-(p * Math.Log2(p) + q * Math.Log2(q)), row.Uncertainty, 1e-5);
            Assert.AreEqual(row.Score > 0, row.PredictedLabel);
            Assert.IsGreaterThanOrEqualTo(0, row.Variance);
        }
    }

    [TestMethod]
    [DataRow("Gaussian")]
    [DataRow("BinaryLogistic")]
    [DataRow("Poisson")]
    [DataRow("PerClass")]
    [DataRow("MonteCarlo")]
    [DataRow("Linear")]
    [DataRow("WithoutAdjustment")]
    public void ItIsTheMulticlassModelOfTheSameRows(string variant)
    {
        var options = Variant(variant);
        var rows = TwoClasses.Load(_ml, 100);
        using var binary = _ml.Sngp().Binary(options).Fit(rows);
        var keys = _ml.Data.LoadFromEnumerable(new[] { new { Label = false }, new { Label = true } });
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(rows).Transform(rows);
        using var multiclass = _ml.Sngp().Multiclass(options).Fit(keyed);
        var scored = multiclass.Transform(keyed);
        var expected = scored.GetColumn<float[]>("Score").ToArray();
        var uncertainties = scored.GetColumn<float>("Uncertainty").ToArray();
        var variances = variant == "PerClass"
            ? scored.GetColumn<float[]>("Variance").Select(values => values[1]).ToArray()
            : [.. scored.GetColumn<float>("Variance")];
        var actual = TwoClasses.Predict(_ml, binary, TwoClasses.Rows(100));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i][1], actual[i].Probability, 1e-5f);
            Assert.AreEqual(Math.Log(expected[i][1]) - Math.Log(expected[i][0]), actual[i].Score, 1e-3);
            Assert.AreEqual(variances[i], actual[i].Variance, 1e-5f);
            Assert.AreEqual(uncertainties[i], actual[i].Uncertainty, 1e-4f);
        }
    }

    private static SngpOptions Variant(string name)
    {
        var options = TwoClusters.QuickOptions();
        switch (name)
        {
            case "PerClass": options.Posterior.Covariance = PosteriorCovariance.PerClass; break;
            case "MonteCarlo": options.Posterior.PosteriorSamples = 20; break;
            case "Linear": options.GaussianProcess.Kernel = GaussianProcessKernel.Linear; break;
            case "WithoutAdjustment": options.Posterior.MeanFieldFactor = null; break;
            default: options.Posterior.Likelihood = Enum.Parse<GaussianProcessLikelihood>(name); break;
        }
        return options;
    }

    [TestMethod]
    public void ARowThatHoldsNoNumberIsFalseWithoutProbability()
    {
        using var model = TwoClasses.Train(_ml);
        var rows = TwoClasses.Rows(3);
        rows[1].Features = [float.NaN, 0];
        var predictions = TwoClasses.Predict(_ml, model, rows);
        Assert.IsFalse(predictions[1].PredictedLabel);
        foreach (
            var value in new[] { predictions[1].Probability, predictions[1].Score, predictions[1].Variance, predictions[1].Uncertainty })
            Assert.IsTrue(float.IsNaN(value));
        Assert.IsFalse(float.IsNaN(predictions[0].Score) || float.IsNaN(predictions[2].Score));
    }

    [TestMethod]
    [DataRow("a key", "Key", "Boolean")]
    [DataRow("text", "Text", "MapValue")]
    [DataRow("a number", "Number", "ConvertType")]
    [DataRow("nothing", "Nowhere", "Nowhere")]
    public void ALabelThatIsNotBooleanFailsInTheSchemaAsInFit(string _, string label, string expected)
    {
        var trainer = _ml.Sngp().Binary(label);
        var data = _ml.Data.LoadFromEnumerable(new[] { new KindsRow(), new KindsRow() });
        var inFit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data));
        Assert.Contains(expected, inFit.Message);
        Assert.Contains($"'{label}'", inFit.Message);
        var shape = _ml.Transforms.CustomMapping<Nothing, KindsRow>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        Assert.AreEqual(inFit.Message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(shape)).Message);
    }

    [TestMethod]
    public void OneClassOnly()
    {
        var rows = _ml.Data.LoadFromEnumerable(TwoClasses.Rows(10).Where(row => row.Label));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Binary().Fit(rows));
        Assert.Contains("same class", error.Message);
        Assert.Contains("'Label'", error.Message);
    }

    [TestMethod]
    public void NoRows() => Assert.Contains("no rows",
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Binary().Fit(TwoClasses.Load(_ml, 0))).Message);

    [TestMethod]
    public void BadOptionsAndNullsAreRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp()
            .Binary(new SngpOptions { FeatureColumnName = "Probability", Training = { BatchSize = 0 } }));
        Assert.Contains("2 of the options", error.Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Binary((SngpOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Binary().Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Binary().GetOutputSchema(null!));
    }

    [TestMethod]
    public void ThePromiseIsWhatTheTransformerGives()
    {
        using var model = TwoClasses.Train(_ml);
        var shape = _ml.Transforms.CustomMapping<Nothing, TwoClasses.Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        TransformerContract.CheckPromise(_ml.Sngp().Binary().GetOutputSchema(shape), model.GetOutputSchema(TwoClasses.Load(_ml, 1).Schema));
    }

    [TestMethod]
    public void NoTensorIsLeftAfterFit()
    {
        var before = LiveTensors.Count;
        using var model = TwoClasses.Train(_ml);
        LiveTensors.AssertFreed(before, TwoClusters.QuickOptions());
    }

    private sealed class Nothing
    {
    }

    private sealed class KindsRow
    {
        [KeyType(2)]
        public uint Key { get; set; }

        public string Text { get; set; } = "";

        public float Number { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];
    }
}
