using System.Globalization;
using System.Text.RegularExpressions;
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
    public void LabelsThatAreNoise() =>
        AssertSane(Rows(50, (row, column) => (row * 37 + column * 11) % 17 - 8, row => (row * row + 3 * row) % 5 % 2));

    [TestMethod]
    public void OneRowOfTenThousandIsOfItsClass() =>
        AssertSane(Rows(10_001, (row, column) => (row * 31 + column) % 13 - 6, row => row == 7 ? 1 : 0), batchSize: 128);

    [TestMethod]
    [DataRow(1e-20f)]
    [DataRow(1e20f)]
    [DataRow(1e-40f)]
    [DataRow(float.Epsilon)]
    [DataRow(-0f)]
    public void FeaturesOfAnyMagnitude(float scale) =>
        AssertSane(Rows(40, (row, column) => ((row + column) % 5 - 2) * scale, row => row % 2));

    [TestMethod]
    public void AThousandClasses() => AssertSane(Rows(2000, (row, column) => row % 1000 * (column + 1) % 97, row => row % 1000));

    [TestMethod]
    [DataRow(1e6, 1f)]
    [DataRow(1e-3, 1e30f)]
    public void WhatDivergesSaysWhereAndWhatToDo(double learningRate, float scale)
    {
        var options = TwoClusters.QuickOptions(epochs: 200);
        options.Training.LearningRate = learningRate;
        options.GaussianProcess.KernelScale = scale > 1 ? 1e-12 : null;
        var rows = Rows(40, (row, column) => ((row * 7 + column * 3) % 11 - 5) * scale, row => row % 2);
        try
        {
            using var model = _ml.Sngp().Multiclass(options).Fit(Load(rows));
            AssertSane(model, Load(rows));
        }
        catch (InvalidOperationException error)
        {
            StringAssert.Matches(error.Message, new Regex(@"became (NaN|Infinity|-Infinity) in epoch \d+, step \d+\. .*LearningRate"));
        }
    }

    [TestMethod]
    public void AStepThatOverflowsTheWeightsIsNoticedThoughItsLossWasFinite()
    {
        // One epoch of one step: its loss is that of the first weights.
        var rows = Rows(16, (row, column) => (row + column) % 5 - 2, row => row % 2);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass(new SngpOptions
        {
            Seed = 1,
            ExampleWeightColumnName = "Weight",
            Head = NetworkHead.Dense,
            Backbone = new ResidualMlp { SpectralNormBound = null, NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 16 },
            Training = { NumberOfEpochs = 1, LearningRate = 1e6, BatchSize = 16, Device = TrainingDevice.Cpu },
        }).Fit(Load(Array.ConvertAll(rows, row => new Row { Features = row.Features, Label = row.Label, Weight = float.MaxValue }))));
        Assert.Contains("became", error.Message);
    }

    private void AssertSane(Row[] rows, int batchSize = 16)
    {
        var options = TwoClusters.QuickOptions(epochs: 2);
        options.Training.BatchSize = batchSize;
        using var model = _ml.Sngp().Multiclass(options).Fit(Load(rows));
        AssertSane(model, Load(rows));
    }

    private static void AssertSane(SngpTransformer model, IDataView keyed)
    {
        var scored = model.Transform(keyed);
        foreach (var variance in scored.GetColumn<float>("Variance"))
            Assert.IsTrue(float.IsFinite(variance) && variance >= 0, variance.ToString(CultureInfo.InvariantCulture));
        foreach (var uncertainty in scored.GetColumn<float>("Uncertainty"))
            Assert.IsTrue(uncertainty is >= 0 and <= 1, uncertainty.ToString(CultureInfo.InvariantCulture));
        foreach (var score in scored.GetColumn<float[]>("Score"))
            Assert.AreEqual(1, score.Sum(probability => (double)probability), 1e-4);
        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(key => key >= 1));
    }

    private IDataView Load(Row[] rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
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

        public float Weight { get; set; } = 1;
    }
}
