using Microsoft.ML.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>A table of more rows than may be in memory is read anew in each pass.</summary>
[TestClass]
public class StreamedRowsTests
{
    private const int Count = 1000;
    private const int Buffer = 100;
    private readonly GeneratedView _view = new(Count, 3) { Weight = row => row + 0.5f };

    [TestMethod]
    [DataRow(Count - 1, true)]
    [DataRow(Count, false)]
    [DataRow(int.MaxValue, false)]
    public void OnlyATableOfMoreRowsIsStreamed(int maximum, bool isStreamed)
    {
        foreach (var isCounted in (bool[])[true, false])
        {
            var view = new GeneratedView(Count, 3) { IsCounted = isCounted };
            var rows = SourceRows.Of(view, maximum);
            Assert.AreEqual(isStreamed, rows is StreamedRows);
            Assert.AreEqual(!isStreamed, rows.IsInMemory);
            Assert.AreEqual(Count, rows.NumberOfRows);
            Assert.AreEqual(1, view.OpenedCursors);
        }
    }

    [TestMethod]
    public void RowsWithoutALabelDoNotCount()
    {
        var view = new GeneratedView(Count, 3) { Label = row => (uint)(row % 3) };
        Assert.IsTrue(SourceRows.Of(view, 667).IsInMemory);
        var rows = SourceRows.Of(view, 600);
        Assert.IsFalse(rows.IsInMemory);
        Assert.AreEqual(666, rows.NumberOfRows);
        Assert.HasCount(666, Shuffled(rows));
        Assert.IsTrue(Shuffled(rows).All(row => row.Number % 3 != 0 && row.Label == row.Number % 3 - 1));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(Buffer)]
    [DataRow(Count - 1)]
    public void AnEpochTakesEveryRowOnceWithItsLabelAndWeight(int maximum)
    {
        var rows = SourceRows.Of(_view, maximum);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var order = Shuffled(rows, epoch);
            CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), order.Select(row => row.Number).Order().ToArray());
            foreach (var row in order)
            {
                Assert.AreEqual(row.Number % 2, row.Label);
                Assert.AreEqual(row.Number + 0.5f, row.Weight);
                CollectionAssert.AreEqual(_view.Features(row.Number).GetValues().ToArray(), row.Features);
            }
        }
        Assert.AreEqual(0, _view.OpenCursors);
    }

    [TestMethod]
    public void TheOrderFollowsFromSeedAndEpochAlone()
    {
        var rows = SourceRows.Of(_view, Buffer);
        var second = Numbers(rows, seed: 1, epoch: 2);
        CollectionAssert.AreNotEqual(second, Numbers(rows, seed: 1, epoch: 1));
        CollectionAssert.AreNotEqual(second, Numbers(rows, seed: 2, epoch: 2));
        CollectionAssert.AreEqual(second, Numbers(rows, seed: 1, epoch: 2));
        CollectionAssert.AreEqual(second, Numbers(SourceRows.Of(new GeneratedView(Count, 3), Buffer), seed: 1, epoch: 2));
    }

    [TestMethod]
    public void RowsAreMixedAsFarAsTheBufferIsLong()
    {
        var order = Numbers(SourceRows.Of(_view, Buffer), seed: 1, epoch: 1);
        Assert.IsTrue(order.Select((row, place) => row - place).All(lead => lead < Buffer));
        // A row waits as long as a draw out of as many: on the average the buffer's length.
        var waits = order.Select((row, place) => Math.Abs(place - row)).Average();
        Assert.IsTrue(waits is > Buffer / 3 and < Buffer * 2, $"{waits}");
        Assert.IsTrue(order[..50].Count(row => row < 50) < 45);
    }

    [TestMethod]
    public void TheRowsInOrderAreTheTables()
    {
        var rows = SourceRows.Of(_view, Buffer);
        CollectionAssert.AreEqual(SourceRows.Features(SourceRows.Of(_view, null)), SourceRows.Features(rows));
        Assert.AreEqual(0, _view.OpenCursors);
    }

    [TestMethod]
    public void ASampleIsDrawnEvenlyAndReadsOnlyItsOwnFeatures()
    {
        var rows = SourceRows.Of(_view, Buffer);
        var hits = new int[10];
        for (var seed = 0; seed < 200; seed++)
        {
            var before = _view.FeatureReads;
            using var pass = rows.Sample(50, seed);
            var sample = SourceRows.Read(rows, pass, 50);
            Assert.HasCount(50, sample.DistinctBy(row => row.Number));
            Assert.AreEqual(50, _view.FeatureReads - before);
            foreach (var row in sample)
                hits[row.Number / 100]++;
        }
        // 1000 expected in each, with a deviation of about 29.
        Assert.IsTrue(hits.All(count => count is > 880 and < 1120), string.Join(", ", hits));
    }

    [TestMethod]
    public void ASampleOfAllRowsIsAllRows()
    {
        var rows = SourceRows.Of(_view, Buffer);
        foreach (var count in (int[])[Count - 1, Count, Count + 1])
        {
            using var pass = rows.Sample(count, 1);
            Assert.HasCount(Math.Min(count, Count), SourceRows.Read(rows, pass, Count + 1).DistinctBy(row => row.Number));
        }
    }

    [TestMethod]
    public void PassesAtTheSameTimeDoNotDisturbEachOther()
    {
        var rows = SourceRows.Of(_view, Buffer);
        var expected = Numbers(rows, seed: 1, epoch: 1);
        var orders = new int[4][];
        Parallel.For(0, 4, i => orders[i] = Numbers(rows, seed: 1, epoch: 1));
        foreach (var order in orders)
            CollectionAssert.AreEqual(expected, order);
        Assert.AreEqual(0, _view.OpenCursors);
    }

    private static List<SourceRow> Shuffled(RowSource rows, int epoch = 1, int seed = 1)
    {
        using var pass = rows.Shuffled(seed, epoch);
        return SourceRows.Read(rows, pass, 64);
    }

    private static int[] Numbers(RowSource rows, int seed, int epoch) => [.. Shuffled(rows, epoch, seed).Select(row => row.Number)];
}
