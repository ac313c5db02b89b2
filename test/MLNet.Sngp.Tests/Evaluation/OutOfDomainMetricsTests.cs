namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class OutOfDomainMetricsTests
{
    [TestMethod]
    public void AgreesWithTheReference()
    {
        ReferenceMetrics reference = ReferenceMetrics.Load();
        OutOfDomainMetrics metrics = OutOfDomainMetrics.Compute(reference.ScoreIn, reference.ScoreOut);
        Assert.AreEqual(reference.ExpectedDetection.Auroc, metrics.AreaUnderRocCurve, 1e-12);
        Assert.AreEqual(reference.ExpectedDetection.Aupr, metrics.AreaUnderPrecisionRecallCurve, 1e-12);
        Assert.AreEqual(30, metrics.InDomainCount);
        Assert.AreEqual(20, metrics.OutOfDomainCount);
    }

    [TestMethod]
    public void AgreesWithTheDefinitionsOnRandomScoresFullOfTies()
    {
        var random = new Random(20240607);
        for (int trial = 0; trial < 200; trial++)
        {
            int distinct = random.Next(1, 12);
            double[] inside = Scores(random.Next(1, 40), distinct);
            double[] outside = Scores(random.Next(1, 40), distinct);
            OutOfDomainMetrics metrics = OutOfDomainMetrics.Compute(inside, outside);
            Assert.AreEqual(PairwiseAuroc(inside, outside), metrics.AreaUnderRocCurve, 1e-14);
            Assert.AreEqual(Precision(inside, outside), metrics.AreaUnderPrecisionRecallCurve, 1e-12);
            Assert.AreEqual(FalsePositiveRate(inside, outside), metrics.FalsePositiveRateAt95TruePositiveRate);
        }

        double[] Scores(int count, int distinct)
            => Enumerable.Range(0, count).Select(_ => (double)random.Next(distinct)).ToArray();
    }

    [TestMethod]
    public void SeparatedScoresArePerfect()
    {
        OutOfDomainMetrics metrics = OutOfDomainMetrics.Compute([0, 1, 2], [3, double.PositiveInfinity]);
        Assert.AreEqual(1, metrics.AreaUnderRocCurve);
        Assert.AreEqual(1, metrics.AreaUnderPrecisionRecallCurve);
        Assert.AreEqual(0, metrics.FalsePositiveRateAt95TruePositiveRate);
        Assert.AreEqual(1, metrics.InDomainMean);
    }

    [TestMethod]
    public void TheWrongWayRoundIsZero()
    {
        OutOfDomainMetrics metrics = OutOfDomainMetrics.Compute([3, 4], [1, 2]);
        Assert.AreEqual(0, metrics.AreaUnderRocCurve);
        Assert.AreEqual((1 / 3.0 + 2 / 4.0) / 2, metrics.AreaUnderPrecisionRecallCurve, 1e-15);
        Assert.AreEqual(1, metrics.FalsePositiveRateAt95TruePositiveRate);
    }

    [TestMethod]
    public void EqualScoresAreChance()
    {
        OutOfDomainMetrics metrics = OutOfDomainMetrics.Compute([7, 7, 7], [7]);
        Assert.AreEqual(0.5, metrics.AreaUnderRocCurve);
        Assert.AreEqual(0.25, metrics.AreaUnderPrecisionRecallCurve);
        Assert.AreEqual(1, metrics.FalsePositiveRateAt95TruePositiveRate);
    }

    [TestMethod]
    public void NinetyFivePercentIsReachedExactly()
    {
        // 19 of 20 out-of-domain rows lie above everything else; the last one lies below.
        double[] outside = [.. Enumerable.Repeat(2.0, 19), 0];
        Assert.AreEqual(0, OutOfDomainMetrics.Compute([1, 1], outside).FalsePositiveRateAt95TruePositiveRate);
        outside = [.. Enumerable.Repeat(2.0, 18), 0, 0];
        Assert.AreEqual(1, OutOfDomainMetrics.Compute([1, 1], outside).FalsePositiveRateAt95TruePositiveRate);
    }

    [TestMethod]
    public void NaNIsLeftOutAndCounted()
    {
        var metrics = OutOfDomainMetrics.Compute([1, double.NaN, 2], [double.NaN, 3, double.NaN]);
        Assert.AreEqual(1, metrics.AreaUnderRocCurve);
        Assert.AreEqual((1.5, 3.0), (metrics.InDomainMean, metrics.OutOfDomainMean));
        Assert.AreEqual((2, 1), (metrics.InDomainCount, metrics.OutOfDomainCount));
        Assert.AreEqual((1, 2), (metrics.UnscoredInDomainCount, metrics.UnscoredOutOfDomainCount));
    }

    [TestMethod]
    public void NoRowsAreRefused()
    {
        var nan = Assert.ThrowsExactly<ArgumentException>(() => OutOfDomainMetrics.Compute([double.NaN], [1]));
        StringAssert.Contains(nan.Message, "every in-domain row is NaN");
        var none = Assert.ThrowsExactly<ArgumentException>(() => OutOfDomainMetrics.Compute([1], []));
        StringAssert.Contains(none.Message, "no out-of-domain row");
    }

    private static double PairwiseAuroc(double[] inside, double[] outside)
    {
        double won = 0;
        foreach (double o in outside)
        {
            foreach (double i in inside)
                won += o > i ? 1 : o == i ? 0.5 : 0;
        }

        return won / ((double)inside.Length * outside.Length);
    }

    private static double Precision(double[] inside, double[] outside)
    {
        double sum = 0, recallBefore = 0;
        foreach (double t in inside.Concat(outside).Distinct().OrderDescending())
        {
            double truePositives = outside.Count(s => s >= t);
            double recall = truePositives / outside.Length;
            sum += (recall - recallBefore) * truePositives / (truePositives + inside.Count(s => s >= t));
            recallBefore = recall;
        }

        return sum;
    }

    private static double FalsePositiveRate(double[] inside, double[] outside)
    {
        double threshold = inside.Concat(outside).Where(t => outside.Count(s => s >= t) * 100 >= 95 * outside.Length).Max();
        return inside.Count(s => s >= threshold) / (double)inside.Length;
    }
}
