using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>Tables that are unusual but legal: training ends, and every output is a finite number in its range.</summary>
[TestClass]
public class HardDataTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ConstantFeatures() => AssertSane(Rows(40, (_, _) => 3f, row => row % 2));

    [TestMethod]
    public void DuplicateRows() => AssertSane(Rows(60, (row, _) => row % 2, row => row % 2));

    [TestMethod]
    public void OneRowForEachClass() => AssertSane(Rows(30, (row, column) => row + column, row => row));

    [TestMethod]
    public void LabelsThatAreNoise() => AssertSane(Rows(50, (row, column) => (row * 37 + column * 11) % 17 - 8, row => (row * row + 3 * row) % 5 % 2));

    [TestMethod]
    public void ARareClass() => AssertSane(Rows(2000, (row, column) => (row * 31 + column) % 13 - 6, row => row == 7 ? 1 : 0));

    [TestMethod]
    [DataRow(1e-20f)]
    [DataRow(1e20f)]
    [DataRow(1e-40f)]
    public void FeaturesOfAnyMagnitude(float scale) => AssertSane(Rows(40, (row, column) => ((row + column) % 5 - 2) * scale, row => row % 2));

    [TestMethod]
    public void ManyClasses() => AssertSane(Rows(1200, (row, column) => row % 600 * (column + 1) % 97, row => row % 600));

    private void AssertSane(Row[] rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 2)).Fit(keyed);
        var scored = model.Transform(keyed);
        foreach (var variance in scored.GetColumn<float>("Variance"))
            Assert.IsTrue(float.IsFinite(variance) && variance >= 0, variance.ToString(CultureInfo.InvariantCulture));
        foreach (var uncertainty in scored.GetColumn<float>("Uncertainty"))
            Assert.IsTrue(uncertainty is >= 0 and <= 1, uncertainty.ToString(CultureInfo.InvariantCulture));
        foreach (var score in scored.GetColumn<float[]>("Score"))
            Assert.AreEqual(1, score.Sum(probability => (double)probability), 1e-4);
        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(key => key >= 1));
    }

    private static Row[] Rows(int count, Func<int, int, float> feature, Func<int, int> label) =>
        [.. Enumerable.Range(0, count).Select(row => new Row
        {
            Features = [feature(row, 0), feature(row, 1), feature(row, 2)],
            Label = label(row).ToString(CultureInfo.InvariantCulture),
        })];

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
