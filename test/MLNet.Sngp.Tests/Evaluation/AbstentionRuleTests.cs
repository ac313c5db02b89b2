using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class AbstentionRuleTests
{
    // Right, right, wrong, right, wrong: risks 0, 0, 1/3, 1/4, 2/5.
    private static readonly RiskCoverage Curve =
        RiskCoverage.Compute([0.1, 0.2, 0.3, 0.4, 0.5], [true, true, false, true, false]);

    [TestMethod]
    [DataRow(0.0, 0.2)]
    [DataRow(0.25, 0.4)]
    [DataRow(0.39, 0.4)]
    [DataRow(0.4, 0.5)]
    public void MaximumRiskAnswersAsManyRowsAsItAllows(double risk, double threshold)
        => Assert.AreEqual(threshold, AbstentionRule.ForMaximumRisk(Curve, risk).Threshold);

    [TestMethod]
    [DataRow(0.0, 0.2)]
    [DataRow(0.4, 0.2)]
    [DataRow(0.41, 0.4)]
    [DataRow(0.81, 0.5)]
    [DataRow(1.0, 0.5)]
    public void MinimumCoverageTakesTheLeastRisk(double coverage, double threshold)
        => Assert.AreEqual(threshold, AbstentionRule.ForMinimumCoverage(Curve, coverage).Threshold);

    [TestMethod]
    public void ARiskOutOfReachIsRefusedWithTheLeastOne()
    {
        RiskCoverage curve = RiskCoverage.Compute([0, 1], [false, true]);
        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => AbstentionRule.ForMaximumRisk(curve, 0.25));
        StringAssert.Contains(problem.Message, "least risk on the validation data is 0.5 at coverage 1");
    }

    [TestMethod]
    public void SharesOutsideZeroToOneAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AbstentionRule.RequireShare(-0.1, "risk"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AbstentionRule.RequireShare(double.NaN, "risk"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AbstentionRule.RequireShare(1.1, "coverage"));
    }
}
