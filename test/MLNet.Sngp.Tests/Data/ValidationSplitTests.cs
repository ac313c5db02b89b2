using MLNet.Sngp.Data;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Data;

[TestClass]
public class ValidationSplitTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.1)]
    [DataRow(0.25)]
    [DataRow(0.3)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void EachClassGivesItsShare(double fraction)
    {
        var data = Load(3000);
        var (training, validation) = Split(data, fraction);
        Assert.AreEqual(3000, training.Count + validation.Count);
        Assert.IsEmpty(training.Intersect(validation).ToArray());
        foreach (var (key, count) in new[] { (1u, 2000), (2u, 1000) })
            Assert.AreEqual(
                fraction * count, validation.Count(row => row.Key == key), 1.0 + 1e-9, FormattableString.Invariant($"class {key}"));
    }

    [TestMethod]
    public void TheSeedDecidesAndReadingAgainDoesNotChangeIt()
    {
        var data = Load(300);
        var split = new ValidationSplit(data, data.Schema["Label"], KeyLabels.Instance, 0.2, seed: 4);
        var first = Rows(split.Validation);
        CollectionAssert.AreEqual(first, Rows(split.Validation));
        CollectionAssert.AreEqual(first, Split(data, 0.2, seed: 4).Validation);
        CollectionAssert.AreNotEqual(first, Split(data, 0.2, seed: 5).Validation);
    }

    [TestMethod]
    public void EveryPlaceInABlockIsChosenAboutAsOften()
    {
        var counts = new int[4];
        var rule = new ValidationSplit.ClassRule(0.25, seed: 1, index: 0);
        for (var row = 0; row < 40_000; row++)
            counts[row % 4] += rule.Next() ? 1 : 0;
        Assert.AreEqual(10_000, counts.Sum());
        foreach (var count in counts)
            Assert.AreEqual(2500, count, 200);
    }

    [TestMethod]
    public void AClassOfOneRowTrainsAndRowsWithoutALabelAreNotChosen()
    {
        var rows = TwoClusters.Rows(100);
        Array.ForEach(rows, row => row.Label = "low");
        rows[40].Label = "high";
        var keys = _ml.Data.LoadFromEnumerable(new[] { new { Label = "low" }, new { Label = "high" } });
        for (var i = 50; i < 100; i++)
            rows[i].Label = "";
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
        var (_, validation) = Split(keyed, 0.5);
        Assert.IsTrue(validation.TrueForAll(row => row.Key == 1));
        Assert.HasCount(25, validation);
    }

    [TestMethod]
    public void ABooleanLabelIsSplitByItsTwoValues()
    {
        var data = _ml.Data.LoadFromEnumerable(TwoClasses.Rows(100));
        var split = new ValidationSplit(data, data.Schema["Label"], BooleanLabels.Instance, 0.2, seed: 1);
        var truths = split.Validation.GetColumn<bool>("Label").ToArray();
        Assert.AreEqual(10, truths.Count(truth => truth), 1);
        Assert.AreEqual(10, truths.Count(truth => !truth), 1);
    }

    [TestMethod]
    public void AFractionThatLeavesNoRowIsRefused()
    {
        var trainer = _ml.Sngp().Multiclass(
            new SngpOptions { Seed = 1, Head = NetworkHead.Dense, Backbone = new ResidualMlp { SpectralNormBound = null }, Training =
            { ValidationFraction = 1e-6, NumberOfEpochs = 1 } });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(Load(30)));
        Assert.Contains("ValidationFraction", error.Message);
    }

    private (List<(uint Key, float Feature)> Training, List<(uint Key, float Feature)> Validation) Split(
        IDataView data, double fraction, int seed = 1)
    {
        var split = new ValidationSplit(data, data.Schema["Label"], KeyLabels.Instance, fraction, seed);
        return (Rows(split.Training), Rows(split.Validation));
    }

    private static List<(uint Key, float Feature)> Rows(IDataView data) =>
        [.. data.GetColumn<uint>("Label").Zip(data.GetColumn<float[]>("Features").Select(features => features[0]))];

    private IDataView Load(int count)
    {
        var rows = TwoClusters.Rows(count);
        for (var i = 0; i < count; i++)
            rows[i].Label = i % 3 < 2 ? "low" : "high";
        return TwoClusters.Load(_ml, rows);
    }
}
