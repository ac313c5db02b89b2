using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

[TestClass]
public class TrainingTableTests
{
    // So wide that a chunk holds two rows.
    private const int Wide = 100_000;

    [TestMethod]
    [DataRow(0, DisplayName = "unknown")]
    [DataRow(3, DisplayName = "too few")]
    [DataRow(11, DisplayName = "exact")]
    [DataRow(1000, DisplayName = "too many")]
    public void RowsComeBackHoweverManyWereAnnounced(int announced)
    {
        foreach (var width in (int[])[1, 3, Wide])
        {
            var table = Filled(width, 11, announced);
            Assert.AreEqual(11, table.NumberOfRows);
            using var pass = table.InOrder();
            var rows = SourceRows.Read(table, pass, 4);
            Assert.HasCount(11, rows);
            for (var row = 0; row < 11; row++)
                AssertRow(row, width, rows[row]);
        }
    }

    [TestMethod]
    public void ALongTableGrowsChunkByChunk()
    {
        const int count = 600_000;
        var table = new TrainingTable(1, hasWeights: false);
        for (var row = 0; row < count; row++)
        {
            table.NextRow()[0] = row;
            table.Keep(row % 2, 1);
        }
        for (var row = 0; row < count; row += 997)
            Assert.AreEqual(row, table.FeaturesOf(row)[0]);
        Assert.AreEqual(count - 1, table.FeaturesOf(count - 1)[0]);
    }

    [TestMethod]
    public void AnEpochTakesEveryRowOnceInAnOrderOfItsOwn()
    {
        var table = Filled(1, 500);
        var first = Order(table, epoch: 1);
        CollectionAssert.AreEqual(Enumerable.Range(0, 500).ToArray(), first.Order().ToArray());
        CollectionAssert.AreNotEqual(first, Order(table, epoch: 2));
        CollectionAssert.AreEqual(first, Order(table, epoch: 1));
    }

    [TestMethod]
    public void PassesAtTheSameTimeDoNotDisturbEachOther()
    {
        var table = Filled(1, 100);
        var expected = Order(table, epoch: 2);
        using var first = table.Shuffled(1, 1);
        using var second = table.Shuffled(1, 2);
        first.Dispose();
        using var third = table.Shuffled(1, 3);
        third.Dispose();
        CollectionAssert.AreEqual(expected, SourceRows.Read(table, second, 8).Select(row => row.Number).ToArray());
    }

    [TestMethod]
    public void ARowThatIsTakenOutIsReplacedByTheLast()
    {
        var table = Filled(Wide, 7);
        table.RemoveAt(1);
        table.RemoveAt(5);
        Assert.AreEqual(5, table.NumberOfRows);
        using (var pass = table.InOrder())
        {
            var rows = SourceRows.Read(table, pass, 2);
            CollectionAssert.AreEqual(new[] { 0, 6, 2, 3, 4 }, rows.Select(row => row.Number).ToArray());
            AssertRow(6, Wide, rows[1]);
        }
        table.Clear();
        Assert.AreEqual(0, table.NumberOfRows);
    }

    [TestMethod]
    public void ABatchThatIsTooLargeForAnArrayIsAnErrorThatNamesTheOption()
    {
        var error =
            Assert.ThrowsExactly<InvalidOperationException>(() => new RowBatch(new TrainingTable(100_000, hasWeights: false), 1_000_000));
        Assert.Contains("BatchSize", error.Message);
        Assert.Contains("100000 features", error.Message);
    }

    private static int[] Order(TrainingTable table, int epoch)
    {
        using var pass = table.Shuffled(seed: 1, epoch);
        return [.. SourceRows.Read(table, pass, 64).Select(row => row.Number)];
    }

    private static TrainingTable Filled(int width, int rows, int announced = 0)
    {
        var table = new TrainingTable(width, hasWeights: true, announced);
        for (var row = 0; row < rows; row++)
        {
            var features = table.NextRow();
            features.Fill(-row);
            features[0] = row;
            table.Keep(row % 3, row + 0.5f);
        }
        return table;
    }

    private static void AssertRow(int expected, int width, SourceRow row)
    {
        Assert.AreEqual(expected, row.Number);
        Assert.AreEqual(expected % 3, row.Label);
        Assert.AreEqual(expected + 0.5f, row.Weight);
        Assert.HasCount(width, row.Features);
        Assert.IsTrue(width == 1 || row.Features[^1] == -expected);
    }
}
