using System.Globalization;
using Microsoft.ML;
using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public sealed class AutomaticLengthTests
{
    [TestMethod]
    [DataRow(1, 16)]
    [DataRow(210, 16)]
    [DataRow(1_000, 32)]
    [DataRow(7_500, 64)]
    [DataRow(32_561, 128)]
    [DataRow(10_000_000, 256)]
    public void TheBatchSizeIsNearTheSquareRootOfTheRows(long rows, int expected) =>
        Assert.AreEqual(expected, AutomaticLength.BatchSize(rows));

    [TestMethod]
    [DataRow(29, 10, 10L, false, DisplayName = "fewer than 300 steps")]
    [DataRow(30, 15, 10L, true, DisplayName = "the second half gained nothing")]
    [DataRow(30, 16, 10L, false, DisplayName = "less than half gained nothing")]
    public void ATrainingEndsWhenHalfOfItGainedNothing(int epoch, int best, long steps, bool expected) =>
        Assert.AreEqual(expected, AutomaticLength.IsOver(epoch, best, steps));

    [TestMethod]
    public void PartsHaveTheSameShareOfEachClassAndEachRowOnce()
    {
        var table = new TrainingTable(1, hasWeights: false);
        for (var row = 0; row < 103; row++)
        {
            table.NextRow()[0] = row;
            table.Keep(row % 10 == 0 ? 1 : 0, 1);
        }
        var parts = RowSubset.Deal(table, 5, hasClasses: true, seed: 3);
        for (var part = 0; part < 5; part++)
        {
            Assert.AreEqual(20.6, parts.Count(number => number == part), 1.5);
            Assert.AreEqual(2.2, parts.Where((number, row) => number == part && row % 10 == 0).Count(), 0.9);
            var (others, own) = RowSubset.Split(table, parts, part);
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, 103).Select(row => (float)row).ToArray(),
                SourceRows.Features(others).Concat(SourceRows.Features(own)).ToArray());
        }
        CollectionAssert.AreEqual(parts, RowSubset.Deal(table, 5, hasClasses: true, seed: 3));
        CollectionAssert.AreNotEqual(parts, RowSubset.Deal(table, 5, hasClasses: true, seed: 4));
    }

    [TestMethod]
    public void LabelsThatSayNothingAreTrainedForLess()
    {
        var clear = EpochsOf(TwoClusters.Rows(100));
        var random = new Random(1);
        var noise = EpochsOf([.. TwoClusters.Rows(100).Select(row =>
        {
            row.Label = random.Next(2) == 0 ? "low" : "high";
            return row;
        })]);
        Assert.IsLessThan(clear / 2, noise);
    }

    [TestMethod]
    [DataRow(60)]
    [DataRow(600)]
    [DataRow(20_100)]
    public void WhatWasChosenIsInTheModelAndTheSameEachTime(int rows)
    {
        var (first, second) = (Fit(rows), Fit(rows));
        CollectionAssert.AreEqual(first.Model.OnnxBytes, second.Model.OnnxBytes);
        Assert.AreEqual(AutomaticLength.BatchSize(rows), Number(first, nameof(TrainingOptions.BatchSize)));
        Assert.IsGreaterThan(0, Number(first, nameof(TrainingOptions.NumberOfEpochs)));
        Assert.AreEqual(rows > 20_000, first.Model.Options.ContainsKey("BestEpoch"));
    }

    [TestMethod]
    public void AStreamGatheredInItsStepsNeedsItsEpochs()
    {
        var ml = new MLContext(1);
        var options = Quick();
        (options.Training.MaximumRowsInMemory, options.Posterior.CovarianceGathering) = (20, CovarianceGathering.LastEpoch);
        var data = TwoClusters.Load(ml, TwoClusters.Rows(60));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Sngp().Multiclass(options).Fit(data));
        Assert.Contains("Set NumberOfEpochs, or gather AfterTraining", error.Message);
        options.Training.NumberOfEpochs = 2;
        ml.Sngp().Multiclass(options).Fit(data).Dispose();
    }

    private static int EpochsOf(IEnumerable<TwoClusters.Row> rows)
    {
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(Quick()).Fit(TwoClusters.Load(ml, rows));
        return Number(model, nameof(TrainingOptions.NumberOfEpochs));
    }

    private static SngpTransformer Fit(int rows)
    {
        var ml = new MLContext(1);
        return ml.Sngp().Multiclass(Quick()).Fit(TwoClusters.Load(ml, TwoClusters.Rows(rows)));
    }

    private static int Number(SngpTransformer model, string option) =>
        int.Parse(model.Model.Options[option], CultureInfo.InvariantCulture);

    private static SngpOptions Quick()
    {
        var options = TwoClusters.QuickOptions();
        (options.Seed, options.Training.NumberOfEpochs, options.Training.BatchSize) = (1, null, null);
        return options;
    }
}
