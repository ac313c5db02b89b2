using MLNet.Sngp.Decisions;

namespace MLNet.Sngp.Tests.Decisions;

/// <summary>The p-values of novelty are those of the definition, and valid for any number of scores and rows.</summary>
[TestClass]
public sealed class NoveltyTableTests
{
    [TestMethod]
    public void OfOneScoreItIsTheShareOfRowsAtLeastAsLarge()
    {
        float[] scores = [3, 1, 2, 2, 5];
        var table = NoveltyTable.Fit(["a"], [scores], 0.2)[0];
        Assert.AreEqual(1 / 6f, table.At(5.1f));
        Assert.AreEqual(1 / 6f, table.At(float.NaN));
        Assert.AreEqual(1 / 6f, table.At(float.PositiveInfinity));
        Assert.AreEqual(2 / 6f, table.At(5));
        Assert.AreEqual(2 / 6f, table.At(4.1f));
        Assert.AreEqual(3 / 6f, table.At(3));
        Assert.AreEqual(5 / 6f, table.At(2));
        Assert.AreEqual(1f, table.At(1));
        Assert.AreEqual(1f, table.At(-1));
    }

    [TestMethod]
    public void AValidationRowKeepsItsPlaceWhenItsScoreIsRoundedOtherwise()
    {
        float[] scores = [0.1f, 0.25f, 0.5f, 100];
        var table = NoveltyTable.Fit(["a"], [scores], 0.3)[0];
        foreach (var score in scores)
            Assert.AreEqual(table.At(score), table.At(score * (1 + 1e-6f)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void ItIsAtLeastThePValueThatRanksTheLeastRankAndHardlyMore(int numberOfScores)
    {
        const int Rows = 60;
        var random = new Random(11);
        for (var draw = 0; draw < 50; draw++)
        {
            // Whole numbers have ties.
            float[] Row() => [.. Enumerable.Range(0, numberOfScores).Select(_ => (float)random.Next(draw % 2 == 0 ? 1_000_000 : 20))];
            float[][] rows = [.. Enumerable.Range(0, Rows + 1).Select(_ => Row())];
            var tables = Fit([.. rows.Take(Rows)], 0.1);
            double given = tables.Select((table, j) => table.At(rows[Rows][j])).Min();
            int Rank(int row, int j) => rows.Count(other => other[j] >= rows[row][j]);
            int Least(int row) => Enumerable.Range(0, numberOfScores).Min(j => Rank(row, j));
            var least = Least(Rows);
            var wanted = Enumerable.Range(0, Rows + 1).Count(row => Least(row) <= least) / (Rows + 1.0);
            Assert.IsGreaterThanOrEqualTo(wanted - 1e-7, given);
            if (draw % 2 == 0)
                Assert.IsLessThanOrEqualTo(wanted + ((numberOfScores - 1) / (Rows + 1.0)) + 1e-7, given);
        }
    }

    [TestMethod]
    [DataRow(1, 99, 0.01)]
    [DataRow(2, 200, 0.05)]
    [DataRow(2, 1999, 0.01)]
    [DataRow(3, 500, 0.1)]
    public void OfOrdinaryRowsTheRateIsNovelAndNoMore(int numberOfScores, int rows, double rate)
    {
        var random = new Random(5);
        var (novel, all) = (0, 0);
        for (var draw = 0; draw < 200; draw++)
        {
            float[] Row()
            {
                // Scores that go together in part, as variance and uncertainty do.
                var common = random.NextSingle();
                return [.. Enumerable.Range(0, numberOfScores).Select(_ => common + random.NextSingle())];
            }
            var tables = Fit([.. Enumerable.Range(0, rows).Select(_ => Row())], rate);
            var limit = NoveltyNodes.Limit(tables, rate);
            for (var i = 0; i < 100; i++, all++)
            {
                var row = Row();
                novel += tables.Select((table, j) => table.At(row[j])).Min() <= limit ? 1 : 0;
            }
        }
        // The rate of one draw scatters around its mean by √(rate/rows), that of 100 rows by √(rate/100).
        var deviation = Math.Sqrt(rate * ((1.0 / rows) + (1.0 / 100)) / 200);
        Assert.IsLessThan(rate + (3 * deviation), novel / (double)all);
        Assert.IsGreaterThan(rate - (3 * deviation) - (numberOfScores / (rows + 1.0)), novel / (double)all);
    }

    [TestMethod]
    public void TheTableOfManyRowsIsSmallAndExactWhereItMatters()
    {
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextSingle())];
        var table = NoveltyTable.Fit(["a"], [scores], 0.0123)[0];
        Assert.IsLessThan(500, table.Thresholds.Length);
        var descending = scores.OrderDescending().ToArray();
        for (var rank = 1; rank < scores.Length; rank += rank < 200 ? 1 : 97)
        {
            var wanted = (rank + 1) / 20_001.0;
            var given = table.At(descending[rank - 1]);
            Assert.IsGreaterThanOrEqualTo((float)wanted, given);
            Assert.IsLessThanOrEqualTo(wanted * (rank < 128 ? 1 + 1e-6 : 1.021), given);
        }
        // 0.0123 of 20,001 rows are 246.
        Assert.AreEqual((float)(246 / 20_001.0), NoveltyNodes.Limit([table], 0.0123));
    }

    private static IReadOnlyList<NoveltyTable> Fit(float[][] rows, double rate) => NoveltyTable.Fit(
        [.. rows[0].Select((_, j) => $"{j}")], [.. rows[0].Select((_, j) => rows.Select(row => row[j]).ToArray())], rate);
}
