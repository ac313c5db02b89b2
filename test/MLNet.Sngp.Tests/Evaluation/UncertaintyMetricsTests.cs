using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class UncertaintyMetricsTests
{
    private const double Tolerance = 1e-12;

    [TestMethod]
    public void AgreesWithTheReference()
    {
        ReferenceMetrics reference = ReferenceMetrics.Load();
        UncertaintyMetrics metrics = Binary(reference.Prob1, reference.Y);

        Assert.AreEqual(60, metrics.Count);
        Assert.AreEqual(reference.Expected.Acc, metrics.Accuracy, Tolerance);
        Assert.AreEqual(reference.Expected.Nll, metrics.LogLoss, Tolerance);
        double ece = metrics.ExpectedCalibrationError;
        Assert.AreEqual(reference.Expected.Ece, ece, Tolerance);
        Assert.AreEqual(2 * reference.Expected.Brier, metrics.BrierScore, Tolerance, "twice the binary form");
        Assert.AreEqual(reference.Expected.MeanConf, metrics.MeanConfidence, Tolerance);
    }

    [TestMethod]
    public void WrongWithCertaintyCostsTheClippedLogLoss()
    {
        UncertaintyMetrics metrics = Binary([0, 1], [1, 1]);
        Assert.AreEqual(-Math.Log(1e-15) / 2, metrics.LogLoss, Tolerance);
        Assert.AreEqual(1, metrics.BrierScore, Tolerance, "one row at its worst, 2, and one at its best, 0");
        Assert.AreEqual(0.5, metrics.Accuracy);
        Assert.AreEqual(0.5, metrics.ExpectedCalibrationError, Tolerance);
        Assert.AreEqual(0.5, metrics.MaximumCalibrationError, Tolerance);
    }

    [TestMethod]
    public void RightWithCertaintyIsPerfect()
    {
        UncertaintyMetrics metrics = Binary([0, 1, 1], [0, 1, 1]);
        Assert.AreEqual(1, metrics.Accuracy);
        Assert.AreEqual(0, metrics.LogLoss);
        Assert.AreEqual(0, metrics.BrierScore);
        Assert.AreEqual(0, metrics.ExpectedCalibrationError);
        Assert.AreEqual(0, metrics.EqualMassExpectedCalibrationError);
        Assert.AreEqual(0, metrics.AreaUnderRiskCoverageCurve);
    }

    [TestMethod]
    public void OneClassAloneIsEvaluated()
    {
        UncertaintyMetrics metrics = Binary([0.9, 0.8], [1, 1]);
        Assert.AreEqual(1, metrics.Accuracy);
        Assert.AreEqual(0.15, metrics.ExpectedCalibrationError, Tolerance, "gaps 0.1 and 0.2, one row each");
    }

    [TestMethod]
    public void AModelWithASingleClassIsEvaluated()
    {
        var rows = new ScoredRows(classCount: 1);
        rows.Add([1], label: 0);
        var metrics = new UncertaintyMetrics(rows, numberOfBins: 15);
        Assert.AreEqual(1, metrics.Accuracy);
        Assert.AreEqual(0, metrics.LogLoss);
    }

    [TestMethod]
    public void EqualProbabilitiesPredictTheFirstClass()
        => Assert.AreEqual(0.5, Binary([0.5, 0.5], [0, 1]).Accuracy);

    [TestMethod]
    public void ThreeClassesAgreeWithHandCalculation()
    {
        var rows = new ScoredRows(classCount: 3);
        rows.Add([0.5, 0.25, 0.25], label: 0);
        rows.Add([0.25, 0.25, 0.5], label: 1);
        rows.Skip();
        var metrics = new UncertaintyMetrics(rows, numberOfBins: 10);

        Assert.AreEqual(2, metrics.Count);
        Assert.AreEqual(1, metrics.SkippedRowCount);
        Assert.AreEqual(0.5, metrics.Accuracy);
        Assert.AreEqual((Math.Log(2) + Math.Log(4)) / 2, metrics.LogLoss, Tolerance);
        Assert.AreEqual((0.375 + 0.875) / 2, metrics.BrierScore, Tolerance);
        Assert.AreEqual(0, metrics.ExpectedCalibrationError, Tolerance, "both rows share a bin: 0.5 against 0.5");
    }

    [TestMethod]
    [DataRow(double.PositiveInfinity, "Infinity is not a probability")]
    [DataRow(2.5, "2.5 is not a probability")]
    [DataRow(-0.5, "-0.5 is not a probability")]
    public void ValuesThatAreNoProbabilitiesAreRefused(double value, string message)
    {
        var rows = new ScoredRows(classCount: 2);
        var problem = Assert.ThrowsExactly<ArgumentException>(() => rows.Add([value, 0.5], label: 0));
        StringAssert.Contains(problem.Message, message);
    }

    [TestMethod]
    public void ProbabilitiesThatDoNotSumToOneAreRefused()
    {
        var rows = new ScoredRows(classCount: 2);
        var problem = Assert.ThrowsExactly<ArgumentException>(() => rows.Add([0.75, 0.75], label: 0));
        StringAssert.Contains(problem.Message, "sum to 1.5");
    }

    private static UncertaintyMetrics Binary(double[] probabilityOfOne, int[] labels)
    {
        var rows = new ScoredRows(classCount: 2);
        for (int i = 0; i < labels.Length; i++)
            rows.Add([1 - probabilityOfOne[i], probabilityOfOne[i]], labels[i]);
        return new UncertaintyMetrics(rows, numberOfBins: 15);
    }
}
