using Microsoft.ML;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>What ML.NET expects of every <see cref="IDataView"/>.</summary>
internal static class DataViewContract
{
    public static void Check(IDataView view, int rows)
    {
        var columns = view.Schema.Where(column => !column.IsHidden).ToList();
        var all = DataViewReader.Rows(view, columns);
        Assert.HasCount(rows, all);
        Assert.AreEqual(rows, view.GetRowCount() ?? rows);
        CollectionAssert.AreEqual(all, DataViewReader.Rows(view, columns), "A second reading differs.");
        Assert.HasCount(rows, all.Select(row => row[..row.IndexOf(':', StringComparison.Ordinal)]).ToHashSet(), "Ids repeat.");
        CheckPositions(view, columns, rows);
        CheckSubsets(view, columns);
        CheckShuffling(view, columns, all);
        CheckSets(view, columns, all);
        CheckInterleaved(view, columns, all);
        CheckEarlyDisposal(view, columns, rows);
    }

    private static void CheckPositions(IDataView view, List<DataViewSchema.Column> columns, int rows)
    {
        using var cursor = view.GetRowCursor(columns);
        Assert.AreEqual(-1L, cursor.Position);
        for (var i = 0; i < rows; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, cursor.Position);
            Assert.IsGreaterThanOrEqualTo(0L, cursor.Batch);
        }
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1L, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
    }

    // Each column alone, each with the next, and none.
    private static void CheckSubsets(IDataView view, List<DataViewSchema.Column> columns)
    {
        using (var none = view.GetRowCursor([]))
        {
            while (none.MoveNext())
            {
            }
        }
        for (var i = 0; i < columns.Count; i++)
        {
            CheckSubset(view, columns, [columns[i]]);
            CheckSubset(view, columns, [columns[i], columns[(i + 1) % columns.Count]]);
        }
    }

    private static void CheckSubset(IDataView view, List<DataViewSchema.Column> columns, List<DataViewSchema.Column> subset)
    {
        using var wide = view.GetRowCursor(columns);
        using var narrow = view.GetRowCursor(subset);
        var expected = subset.ConvertAll(column => DataViewReader.Value(wide, column));
        var actual = subset.ConvertAll(column => DataViewReader.Value(narrow, column));
        foreach (var column in columns)
        {
            if (!subset.Exists(active => active.Index == column.Index))
                Assert.Throws<Exception>(() => DataViewReader.Value(narrow, column), $"Column {column.Name} is not active.");
        }
        for (var row = 0; wide.MoveNext(); row++)
        {
            Assert.IsTrue(narrow.MoveNext());
            for (var i = 0; i < subset.Count; i++)
            {
                Assert.AreEqual(expected[i](), actual[i](), $"{subset[i].Name}, row {row}");
                Assert.AreEqual(expected[i](), actual[i](), "Asking again changes the value.");
            }
        }
        Assert.IsFalse(narrow.MoveNext());
    }

    private static void CheckShuffling(IDataView view, List<DataViewSchema.Column> columns, List<string> all)
    {
        var shuffled = DataViewReader.Rows(view, columns, new Random(1));
        if (!view.CanShuffle)
            CollectionAssert.AreEqual(all, shuffled);
        else
            CollectionAssert.AreEquivalent(all, shuffled);
    }

    private static void CheckSets(IDataView view, List<DataViewSchema.Column> columns, List<string> all)
    {
        for (var n = 1; n <= 8; n++)
        {
            var cursors = view.GetRowCursorSet(columns, n);
            Assert.IsTrue(cursors.Length >= 1 && cursors.Length <= n);
            var parts = new List<string>[cursors.Length];
            Task.WaitAll([.. cursors.Select((cursor, i) => Task.Factory.StartNew(() =>
            {
                using (cursor)
                    parts[i] = DataViewReader.Rows(cursor, columns);
            }, TaskCreationOptions.LongRunning))]);
            CollectionAssert.AreEquivalent(all, parts.SelectMany(part => part).ToList(), $"A set of {n} cursors");
        }
    }

    private static void CheckInterleaved(IDataView view, List<DataViewSchema.Column> columns, List<string> all)
    {
        using var first = view.GetRowCursor(columns);
        using var second = view.GetRowCursor(columns);
        var ahead = columns.ConvertAll(column => DataViewReader.Value(first, column));
        var behind = columns.ConvertAll(column => DataViewReader.Value(second, column));
        var lag = new Queue<string>();
        for (var row = 0; row < all.Count; row++)
        {
            Assert.IsTrue(first.MoveNext());
            lag.Enqueue(string.Join("; ", ahead.Select(value => value())));
            if (row % 3 == 0)
                continue;
            Assert.IsTrue(second.MoveNext());
            Assert.AreEqual(lag.Dequeue(), string.Join("; ", behind.Select(value => value())));
        }
    }

    private static void CheckEarlyDisposal(IDataView view, List<DataViewSchema.Column> columns, int rows)
    {
        foreach (var stop in (int[])[0, 1, 70, 1024, rows])
        {
            var cursor = view.GetRowCursor(columns);
            for (var i = 0; i < Math.Min(stop, rows); i++)
                Assert.IsTrue(cursor.MoveNext());
            cursor.Dispose();
            cursor.Dispose();
            Assert.AreEqual(-1L, cursor.Position);
        }
    }
}
