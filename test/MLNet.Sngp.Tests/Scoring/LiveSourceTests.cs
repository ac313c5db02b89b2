using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Scoring;

/// <summary>Tables whose rows arrive while they are scored. The times are limits for a failure to show, not what is measured.</summary>
[TestClass]
public sealed class LiveSourceTests
{
    private const int Limit = 30_000;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void ARowIsScoredBeforeTheNextArrives()
    {
        using var answered = new SemaphoreSlim(0);
        using var transformer = SmallModel.Transformer(_context);
        var count = 0;
        foreach (var row in Scored(transformer, Rows()))
        {
            ScoringTests.AssertScored(SampleTable.Row(count++), row);
            answered.Release();
        }
        Assert.AreEqual(10, count);

        IEnumerable<SampleRow> Rows()
        {
            for (var id = 0; id < 10; id++)
            {
                yield return SampleTable.Row(id);
                Assert.IsTrue(answered.Wait(Limit), $"Row {id} was not scored before row {id + 1} arrived.");
            }
        }
    }

    [TestMethod]
    public void RowsInAQueueAreScoredWhileItIsOpen()
    {
        using var queue = new BlockingCollection<SampleRow>();
        using var transformer = SmallModel.Transformer(_context);
        for (var id = 0; id < 300; id++)
            queue.Add(SampleTable.Row(id));
        var count = 0;
        foreach (var row in Scored(transformer, queue.GetConsumingEnumerable()))
        {
            ScoringTests.AssertScored(SampleTable.Row(count++), row);
            if (count == 300)
                queue.Add(SampleTable.Row(300));
            if (count == 301)
                queue.CompleteAdding();
        }
        Assert.AreEqual(301, count);
    }

    [TestMethod]
    public void AFailureComesAfterTheRowsBeforeIt()
    {
        using var transformer = SmallModel.Transformer(_context);
        foreach (var good in (int[])[0, 1, 2, 40, 1000])
        {
            var count = 0;
            var failure = Assert.ThrowsExactly<FormatException>(() =>
            {
                foreach (var row in Scored(transformer, Rows(good)))
                    ScoringTests.AssertScored(SampleTable.Row(count++), row);
            });
            Assert.AreEqual($"row {good}", failure.Message);
            Assert.AreEqual(good, count);
        }

        static IEnumerable<SampleRow> Rows(int good)
        {
            for (var id = 0; id < good; id++)
                yield return SampleTable.Row(id);
            throw new FormatException($"row {good}");
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void SlowRowsAreScoredFewAtATime(bool isCounted)
    {
        using var transformer = SmallModel.Transformer(_context);
        var read = 0;
        var source = new GeneratedView(rows: 6, SmallModel.Features) { IsCounted = isCounted, Features = Features };
        var seen = 0;
        var scored = transformer.Transform(source);
        using var cursor = scored.GetRowCursor([scored.Schema["Variance"], scored.Schema["Label"]]);
        var (getVariance, getLabel) = (cursor.GetGetter<float>(scored.Schema["Variance"]), cursor.GetGetter<uint>(scored.Schema["Label"]));
        while (cursor.MoveNext())
        {
            if (isCounted)
                Assert.AreEqual(seen + 1, read, "A row that was slow to come waited for another.");
            var (variance, label) = (0f, 0u);
            getVariance(ref variance);
            getLabel(ref label);
            Assert.AreEqual(SmallModel.Variance(SampleTable.Row(seen).Features), variance, 1e-5f);
            Assert.AreEqual(source.Label(seen++), label);
        }
        Assert.AreEqual(6, seen);
        Assert.AreEqual(6, read, "Rows were computed twice.");

        VBuffer<float> Features(long row)
        {
            Thread.Sleep(60);
            Interlocked.Increment(ref read);
            return new(SmallModel.Features, SampleTable.Row((int)row).Features);
        }
    }

    [TestMethod]
    public void TheCursorCanBeDisposedWhileTheSourceIsSilent()
    {
        using var goOn = new ManualResetEventSlim();
        using var transformer = SmallModel.Transformer(_context);
        var source = new GeneratedView(rows: 100, SmallModel.Features) { Features = Features };
        var scored = transformer.Transform(source);
        var cursor = scored.GetRowCursor(scored.Schema);
        for (var id = 0; id < 5; id++)
            Assert.IsTrue(cursor.MoveNext());
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(1, source.OpenCursors, "The source is used by its reader and must not be disposed.");
        goOn.Set();
        Assert.IsTrue(SpinWait.SpinUntil(() => source.OpenCursors == 0, Limit), "The source was never disposed.");

        VBuffer<float> Features(long row)
        {
            if (row == 5)
                goOn.Wait();
            return new(SmallModel.Features, SampleTable.Row((int)row).Features);
        }
    }

    [TestMethod]
    public void OneRowMakesRoomForOne()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 1));
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        Assert.IsLessThan(20_000, GC.GetAllocatedBytesForCurrentThread() - before);

        void Read() => Assert.HasCount(1, scored.GetColumn<float>("Variance").ToList());
    }

    private IEnumerable<ScoredSample> Scored(SngpTransformer transformer, IEnumerable<SampleRow> rows) =>
        _context.Data.CreateEnumerable<ScoredSample>(transformer.Transform(_context.Data.LoadFromEnumerable(rows)), reuseRowObject: false);
}
