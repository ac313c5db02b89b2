namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class RiskCoverageTests
{
    [TestMethod]
    public void AgreesWithHandCalculation()
    {
        RiskCoverage curve = RiskCoverage.Compute([0.3, 0.1, 0.4, 0.2], [true, true, false, false]);
        // By uncertainty: right, wrong, right, wrong.
        CollectionAssert.AreEqual(new[] { 0, 0.5, 1 / 3.0, 0.5 }, curve.Points.Select(p => p.Risk).ToArray());
        CollectionAssert.AreEqual(new[] { 0.25, 0.5, 0.75, 1 }, curve.Points.Select(p => p.Coverage).ToArray());
        CollectionAssert.AreEqual(new[] { 0.1, 0.2, 0.3, 0.4 }, curve.Points.Select(p => p.Threshold).ToArray());
        Assert.AreEqual((0.5 + 1 / 3.0 + 0.5) / 4, curve.Area, 1e-15);
    }

    [TestMethod]
    public void TiesCountAsTheMeanOverTheirOrders()
    {
        double[] uncertainties = [0, 1, 1, 1, 2];
        bool[] correct = [true, false, true, false, false];
        int[][] orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
        double mean = orders.Average(order => Area([correct[0], .. order.Select(i => correct[i]), correct[4]]));

        RiskCoverage curve = RiskCoverage.Compute(uncertainties, correct);
        Assert.AreEqual(mean, curve.Area, 1e-15);
        Assert.HasCount(3, curve.Points);
        Assert.AreEqual(0.8, curve.Points[1].Coverage);
        Assert.AreEqual(0.5, curve.Points[1].Risk);
    }

    [TestMethod]
    public void TheLastPointAnswersEverything()
    {
        RiskCoveragePoint last = RiskCoverage.Compute([5, 5, 1], [false, true, true]).Points[^1];
        Assert.AreEqual(1, last.Coverage);
        Assert.AreEqual(1 / 3.0, last.Risk);
    }

    [TestMethod]
    public void NaNAndNoRowsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => RiskCoverage.Compute([1, double.NaN], [true, true]));
        Assert.ThrowsExactly<ArgumentException>(() => RiskCoverage.Compute([], []));
    }

    private static double Area(bool[] correctByUncertainty)
        => Enumerable.Range(1, correctByUncertainty.Length)
            .Average(i => correctByUncertainty.Take(i).Count(right => !right) / (double)i);
}
