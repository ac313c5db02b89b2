using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class CalibrationBinsTests
{
    [TestMethod]
    public void AnEdgeBelongsToTheBinBelowIt()
    {
        for (int n = 1; n <= 40; n++)
        {
            for (int edge = 1; edge <= n; edge++)
            {
                ReliabilityDiagram diagram = CalibrationBins.EqualWidth([(double)edge / n], [true], n);
                Assert.AreEqual(1, diagram.Bins[edge - 1].Count, $"edge {edge} of {n}");
                if (edge == n)
                    continue;
                diagram = CalibrationBins.EqualWidth([Math.BitIncrement((double)edge / n)], [true], n);
                Assert.AreEqual(1, diagram.Bins[edge].Count, $"just above edge {edge} of {n}");
            }
        }
    }

    [TestMethod]
    public void ZeroAndValuesJustAboveOneKeepToTheOuterBins()
    {
        ReliabilityDiagram diagram = CalibrationBins.EqualWidth([0, 1.0000001], [false, true], 4);
        Assert.AreEqual(1, diagram.Bins[0].Count);
        Assert.AreEqual(1, diagram.Bins[3].Count);
    }

    [TestMethod]
    public void EmptyBinsAreKeptAndCountForNothing()
    {
        ReliabilityDiagram diagram = CalibrationBins.EqualWidth([0.9, 0.95], [true, false], 2);
        Assert.HasCount(2, diagram.Bins);
        Assert.AreEqual(0, diagram.Bins[0].Count);
        Assert.IsTrue(double.IsNaN(diagram.Bins[0].Accuracy));
        Assert.AreEqual(0, diagram.Bins[0].Gap);
        Assert.AreEqual(0.425, diagram.ExpectedCalibrationError, 1e-12);
        Assert.AreEqual(0.425, diagram.MaximumCalibrationError, 1e-12);
    }

    [TestMethod]
    public void EqualMassBinsHoldAsManyRowsEach()
    {
        double[] confidences = [0.9, 0.5, 0.8, 0.6, 0.7, 1.0];
        ReliabilityDiagram diagram = CalibrationBins.EqualMass(confidences, [true, false, true, true, false, true], 3);
        Assert.HasCount(3, diagram.Bins);
        foreach (ReliabilityBin bin in diagram.Bins)
            Assert.AreEqual(2, bin.Count);
        Assert.AreEqual(0.6, diagram.Bins[0].Upper);
        Assert.AreEqual(0.6, diagram.Bins[1].Lower);
        Assert.AreEqual(0.5, diagram.Bins[1].Accuracy);
        Assert.AreEqual((0.05 + 0.25 + 0.05) / 3, diagram.ExpectedCalibrationError, 1e-12);
        Assert.AreEqual(0.25, diagram.MaximumCalibrationError, 1e-12);
    }

    [TestMethod]
    public void EqualMassNeverSplitsEqualConfidences()
    {
        double[] confidences = [0.5, 0.75, 0.75, 0.75, 0.75, 0.75, 1];
        bool[] correct = [true, true, false, true, false, true, true];
        ReliabilityDiagram diagram = CalibrationBins.EqualMass(confidences, correct, 7);
        CollectionAssert.AreEqual(new[] { 1, 5, 1 }, diagram.Bins.Select(bin => bin.Count).ToArray());

        Array.Reverse(confidences);
        Array.Reverse(correct);
        ReliabilityDiagram reversed = CalibrationBins.EqualMass(confidences, correct, 7);
        Assert.AreEqual(diagram.ExpectedCalibrationError, reversed.ExpectedCalibrationError);
    }

    [TestMethod]
    public void FewerRowsThanBinsGiveOneRowABin()
    {
        ReliabilityDiagram diagram = CalibrationBins.EqualMass([0.5, 0.75], [true, true], 15);
        CollectionAssert.AreEqual(new[] { 1, 1 }, diagram.Bins.Select(bin => bin.Count).ToArray());
    }

    [TestMethod]
    public void NoBinsOrNoRowsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CalibrationBins.EqualWidth([0.5], [true], 0));
        Assert.ThrowsExactly<ArgumentException>(() => CalibrationBins.EqualMass([], [], 15));
        Assert.ThrowsExactly<ArgumentException>(() => CalibrationBins.EqualMass([0.5], [], 15));
    }
}
