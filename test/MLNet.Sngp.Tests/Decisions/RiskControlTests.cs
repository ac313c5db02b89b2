using MLNet.Sngp.Decisions;

namespace MLNet.Sngp.Tests.Decisions;

/// <summary>The bound of the error rate holds for any task and number of rows, and is that of the exact test.</summary>
[TestClass]
public sealed class RiskControlTests
{
    [TestMethod]
    // By hand: 0.95^59 = 0.0485; for 10 rows at 0.5, 1/1024·(1 + 10 + 45) = 0.0547.
    [DataRow(0, 59, 0.05, 0.048494525)]
    [DataRow(2, 10, 0.5, 0.0546875)]
    [DataRow(10, 10, 0.5, 1.0)]
    [DataRow(-1, 10, 0.5, 0.0)]
    public void TheTailIsTheBinomialOne(int errors, int rows, double rate, double expected) =>
        Assert.AreEqual(expected, Binomial.LowerTail(errors, rows, rate), 1e-8);

    [TestMethod]
    [DataRow(40, 0.3)]
    [DataRow(1000, 0.05)]
    [DataRow(100_000, 0.01)]
    public void TailsAddUpToOne(int rows, double rate)
    {
        // P(X ≤ k) at p and P(X ≤ n − k − 1) at 1 − p are of one and the same X.
        foreach (var errors in (int[])[0, (int)(rows * rate) - 1, (int)(rows * rate), (int)(rows * rate * 1.3), rows - 1])
            Assert.AreEqual(1, Binomial.LowerTail(errors, rows, rate) + Binomial.LowerTail(rows - errors - 1, rows, 1 - rate), 1e-9);
    }

    [TestMethod]
    // Clopper and Pearson's table for 95 %, one-sided: 1 − 0.05^(1/n) without errors.
    [DataRow(0, 10, 0.2588656)]
    [DataRow(0, 59, 0.0495080)]
    [DataRow(1, 10, 0.3941633)]
    [DataRow(5, 5, 1.0)]
    public void TheBoundIsThatOfClopperAndPearson(int errors, int rows, double expected) =>
        Assert.AreEqual(expected, Binomial.UpperBound(errors, rows, 0.05), 1e-6);

    [TestMethod]
    public void FiftyNineRowsWithoutErrorsAreEnoughForFivePercentAndFiftyEightAreNot()
    {
        var (threshold, bound) = RiskControl.Choose(Rows(59, _ => false), 0.05, 0.95);
        Assert.AreEqual(float.MaxValue, threshold);
        Assert.AreEqual(0.0495080, bound, 1e-6);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => RiskControl.Choose(Rows(58, _ => false), 0.05, 0.95));
        Assert.Contains("at least 59 are needed", error.Message);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => RiskControl.Choose(Rows(100, i => i % 5 == 0), 0.05, 0.95));
        Assert.Contains("the lowest upper bound of any threshold is 0.2", error.Message);
    }

    [TestMethod]
    public void TheThresholdLiesBehindTheLastRowOfTheSequenceAndTiesGoTogether()
    {
        // From row 80 on all are wrong; 1 error among 81 rows has p = 0.083 > 0.05.
        var (threshold, bound) = RiskControl.Choose(Rows(120, i => i >= 80), 0.05, 0.95);
        Assert.IsTrue(threshold >= 79 && threshold < 80, $"{threshold}");
        Assert.IsLessThan(0.05, bound);
        // All of the last forty have one uncertainty.
        (threshold, _) =
            RiskControl.Choose([.. Rows(120, i => i == 119).Select(row => (Math.Min(row.Uncertainty, 80), row.IsError))], 0.05, 0.95);
        Assert.AreEqual(float.MaxValue, threshold);
    }

    [TestMethod]
    [DataRow(60)]
    [DataRow(500)]
    [DataRow(1000)]
    public void TheBoundIsExceededInNoMoreDrawsThanStated(int rows)
    {
        const int Draws = 400;
        // Error rate of a row of uncertainty u, and of all rows up to u: the worst cases cross the risk everywhere or hardly.
        (Func<double, double> Row, Func<double, double> UpTo)[] tasks =
        [
            (u => 0.2 * u * u * u, u => 0.05 * u * u * u),
            (u => 0.4 * u * u * u, u => 0.1 * u * u * u),
            (u => 0.4 * u, u => 0.2 * u),
            (_ => 0.0501, _ => 0.0501),
            (u => u < 0.1 ? 0.06 : u < 0.5 ? 0.02 : 0.2, u => u < 0.1 ? 0.06 : u < 0.5
            ? (0.006 + (0.02 * (u - 0.1))) / u
            : (0.014 + (0.2 * (u - 0.5))) / u),
        ];
        foreach (var (errorRate, risk) in tasks)
        {
            var random = new Random(17);
            var exceeded = Enumerable.Range(0, Draws).Count(_ =>
            {
                var sample = Enumerable.Range(0, rows).Select(_ => random.NextSingle()).Select(u => (u, random.NextDouble() < errorRate(u)))
                    .ToList();
                try
                {
                    return risk(Math.Min(1, RiskControl.Choose(sample, 0.05, 0.9).Threshold)) > 0.05;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            });
            // Three standard deviations above the tenth that is allowed.
            Assert.IsLessThanOrEqualTo((int)((0.1 * Draws) + (3 * Math.Sqrt(0.1 * 0.9 * Draws))), exceeded);
        }
    }

    private static List<(float Uncertainty, bool IsError)> Rows(int count, Func<int, bool> isError) =>
        [.. Enumerable.Range(0, count).Select(i => ((float)i, isError(i)))];
}
