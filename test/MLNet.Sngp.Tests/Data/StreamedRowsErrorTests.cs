using Microsoft.ML.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Streaming finds the same faults as reading into memory, and whatever goes wrong leaves no cursor open.</summary>
[TestClass]
public class StreamedRowsErrorTests
{
    private const int Count = 1000;
    private const int Buffer = 100;

    [TestMethod]
    [DataRow(50, DisplayName = "before the limit")]
    [DataRow(950, DisplayName = "after it")]
    public void BadValuesAreFoundInTheFirstPassWithTheMessagesOfATableInMemory(int bad)
    {
        AssertSameError(() => new GeneratedView(Count, 3) { Features = row => new VBuffer<float>(3, [1, row == bad ? float.NaN : 2, 3]) },
            $"Row {bad}", "slot 1");
        AssertSameError(() => new GeneratedView(Count, 3) { Features = row => new VBuffer<float>(row == bad ? 2 : 3, [1, 2, 3]) },
            $"Row {bad}", "2 features");
        AssertSameError(() => new GeneratedView(Count, 3) { Weight = row => row == bad ? -1 : 1 }, $"Row {bad}", "'Weight'");
        AssertSameError(() => new GeneratedView(Count, 3) { Label = row => row == bad ? 3 : 1u }, $"Row {bad}", "the key 3");
    }

    [TestMethod]
    public void TheClassesAreCheckedOverAllRows()
    {
        AssertSameError(() => new GeneratedView(Count, 3) { Label = _ => 1 }, "All 1000 rows", "same class");
        AssertSameError(() => new GeneratedView(Count, 3) { Weight = _ => 0 }, "All 1000 rows", "weight 0");
        AssertSameError(() => new GeneratedView(Count, 3) { Label = _ => 0 }, "None of the 1000 rows");
        AssertSameError(() => new GeneratedView(Count, 3, classes: 2000), "2000 classes", "1000 rows");
        // The second class comes when memory is full.
        Assert.AreEqual(Count, SourceRows.Of(new GeneratedView(Count, 3) { Label = row => row < 900 ? 1u : 2 }, Buffer).NumberOfRows);
    }

    [TestMethod]
    [DataRow(Count - 1, "has 999 now")]
    [DataRow(Count + 5, "at least 1001 now")]
    public void ATableThatHasOtherRowsLaterIsAnError(int later, string expected)
    {
        var view = new GeneratedView(Count, 3) { RowsOfCursor = cursor => cursor == 1 ? Count : later };
        var rows = SourceRows.Of(view, Buffer);
        foreach (var open in (Func<RowPass>[])[rows.InOrder, () => rows.Shuffled(1, 1)])
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => ReadAndDispose(rows, open));
            Assert.Contains("had 1000 rows", error.Message);
            Assert.Contains(expected, error.Message);
            Assert.Contains("MaximumRowsInMemory", error.Message);
        }
        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    public void AValueThatGoesBadLaterIsAnError()
    {
        var isLater = false;
        var view = new GeneratedView(Count, 3) { Features = row =>
            new VBuffer<float>(3, [row, isLater && row == 700 ? float.PositiveInfinity : 2, 3]) };
        var rows = SourceRows.Of(view, Buffer);
        isLater = true;
        foreach (var open in (Func<RowPass>[])[rows.InOrder, () => rows.Shuffled(1, 1)])
            Assert.Contains("Row 700", Assert.ThrowsExactly<InvalidOperationException>(() => ReadAndDispose(rows, open)).Message);
        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    [DataRow(1, DisplayName = "in the first pass")]
    [DataRow(2, DisplayName = "in the sample")]
    [DataRow(3, DisplayName = "in the first epoch")]
    [DataRow(5, DisplayName = "in the posterior's pass")]
    public void WhatTheViewThrowsComesOutOfFit(int badCursor)
    {
        GeneratedView? view = null;
        view = new GeneratedView(Count, 3) { Label = row => view!.OpenedCursors == badCursor && row == 600 ? throw new IOException(
            "the disk is gone") : (uint)(row % 2) + 1 };
        var error = Assert.ThrowsExactly<IOException>(() => StreamedTrainingTests.Trainer(Buffer).Fit(view));
        Assert.AreEqual("the disk is gone", error.Message);
        Assert.AreEqual(badCursor, view.OpenedCursors);
        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    [DataRow(1, DisplayName = "in the first pass")]
    [DataRow(2, DisplayName = "in the sample")]
    [DataRow(3, DisplayName = "while the buffer fills")]
    public void CancellationStopsAPassOnItsWay(int cancelledCursor)
    {
        const int count = 500_000;
        using var source = new CancellationTokenSource();
        GeneratedView? view = null;
        var labels = 0L;
        view = new GeneratedView(count, 1)
        {
            Label = row =>
            {
                if (view!.OpenedCursors == cancelledCursor && row == 1000)
                {
                    source.Cancel();
                    labels = 0;
                }
                labels++;
                return (uint)(row % 2) + 1;
            },
        };
        var error = Assert.ThrowsExactly<OperationCanceledException>(() =>
            StreamedTrainingTests.Trainer(count - 1, options => options.Training.CancellationToken = source.Token).Fit(view));
        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.IsLessThanOrEqualTo(2000L, labels);
        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    public void AnEarlyEndOfAPassClosesItsCursor()
    {
        var view = new GeneratedView(Count, 3);
        var rows = SourceRows.Of(view, Buffer);
        foreach (var open in (Func<RowPass>[])[rows.InOrder, () => rows.Shuffled(1, 1), () => rows.Sample(5, 1)])
        {
            open().Dispose();
            using var pass = open();
            Assert.AreEqual(3, pass.Read(new RowBatch(rows, 3)));
            pass.Dispose();
            pass.Dispose();
            Assert.AreEqual(0, view.OpenCursors);
        }
    }

    private static void ReadAndDispose(RowSource rows, Func<RowPass> open)
    {
        using var pass = open();
        SourceRows.Read(rows, pass, 64);
    }

    private static void AssertSameError(Func<GeneratedView> create, params string[] expected)
    {
        var inMemory = Assert.ThrowsExactly<InvalidOperationException>(() => SourceRows.Of(create(), null));
        foreach (var part in expected)
            Assert.Contains(part, inMemory.Message);
        var view = create();
        Assert.AreEqual(inMemory.Message, Assert.ThrowsExactly<InvalidOperationException>(() => SourceRows.Of(view, Buffer)).Message);
        Assert.AreEqual(0, view.OpenCursors);
    }
}
