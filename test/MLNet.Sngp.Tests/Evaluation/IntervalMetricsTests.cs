using Microsoft.ML;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class IntervalMetricsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void TheFiguresAreThoseOfTheirFormulas()
    {
        var metrics = _ml.Sngp().EvaluateIntervals(_ml.Data.LoadFromEnumerable<Row>(
        [
            new() { Label = 3, Score = 2, Variance = 0.75f, NoiseVariance = 0.25f, Lower = 1, Upper = 2.5f },
            new() { Label = 5, Score = 9, Variance = 1, NoiseVariance = 3, Lower = 4, Upper = 12 },
            new() { Label = float.NaN, Score = 9, Variance = 1, NoiseVariance = 3, Lower = 4, Upper = 12 },
        ]));
        Assert.AreEqual((2, 1), (metrics.Count, metrics.UnscoredRowCount));
        Assert.AreEqual(Math.Sqrt(8.5), metrics.RootMeanSquaredError, 1e-12);
        // z is 1 and −2; s is 1 and 2.
        Assert.AreEqual((Math.Log(2 * Math.PI) / 2) + ((0.5 + 2 + Math.Log(2)) / 2), metrics.LogLoss, 1e-12);
        // 2Φ(1) − 1 and 2Φ(2) − 1, from a table.
        var first = 0.682689492137086 + (2 * NormalDistribution.Density(1)) - (1 / Math.Sqrt(Math.PI));
        var second = 2 * ((2 * 0.954499736103642) + (2 * NormalDistribution.Density(2)) - (1 / Math.Sqrt(Math.PI)));
        Assert.AreEqual((first + second) / 2, metrics.ContinuousRankedProbabilityScore, 1e-12);
        Assert.AreEqual(0.5, metrics.Coverage);
        Assert.AreEqual(4.75, metrics.MeanWidth);
    }

    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(0.5, 0.3829249225480262)]
    [DataRow(2.999, 0.9972913269325457)]
    [DataRow(3.001, 0.9973090543498301)]
    [DataRow(4.0, 0.9999366575163338)]
    [DataRow(6.0, 0.9999999980268247)]
    public void TheNormalDistributionIsThatOfATable(double z, double within) =>
        Assert.AreEqual(within, NormalDistribution.Within(z), 1e-13);

    [TestMethod]
    public void TheScoreIsTheIntegralOfTheSquaredDifferenceOfTheDistributions()
    {
        var metrics = _ml.Sngp().EvaluateIntervals(_ml.Data.LoadFromEnumerable<Row>([new() { Label = 0.7f, NoiseVariance = 1 }]));
        const double Step = 1e-3;
        var integral = Enumerable.Range(-12_000, 24_000).Sum(i =>
        {
            var x = (i + 0.5) * Step;
            var below = (1 + (Math.Sign(x) * NormalDistribution.Within(Math.Abs(x)))) / 2;
            return Math.Pow(below - (x >= 0.7f ? 1 : 0), 2) * Step;
        });
        Assert.AreEqual(integral, metrics.ContinuousRankedProbabilityScore, 1e-3);
    }

    [TestMethod]
    public void RowsWithoutNumbersAreRefusedWithTheRemedy()
    {
        var rows = _ml.Data.LoadFromEnumerable<Row>([new() { Label = float.NaN }]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().EvaluateIntervals(rows));
        Assert.Contains("of 1 rows the label in column 'Label'", error.Message);
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public float Variance { get; set; }

        public float NoiseVariance { get; set; }

        public float Lower { get; set; }

        public float Upper { get; set; }
    }
}
