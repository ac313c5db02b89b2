using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Scoring;

[TestClass]
public sealed class ScoringTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(1023)]
    [DataRow(1024)]
    [DataRow(1025)]
    [DataRow(5000)]
    public void EveryRowGetsWhatTheFormulaSays(int count)
    {
        using var transformer = SmallModel.Transformer(_context);
        var rows = SampleTable.Rows(count);
        var scored = _context.Data.CreateEnumerable<ScoredSample>(transformer.Transform(_context.Data.LoadFromEnumerable(rows)),
            reuseRowObject: false).ToList();
        Assert.HasCount(count, scored);
        for (var i = 0; i < count; i++)
            AssertScored(rows[i], scored[i]);
    }

    [TestMethod]
    public void SparseFeaturesAreScoredAsTheDenseOnes()
    {
        using var transformer = SmallModel.Transformer(_context);
        var sparse = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i =>
            new SparseRow { Features = new VBuffer<float>(3, 1, [i], [i % 3]) }));
        var scored = _context.Data.CreateEnumerable<ScoredSample>(transformer.Transform(sparse), reuseRowObject: false,
            ignoreMissingColumns: true).ToList();
        for (var i = 0; i < scored.Count; i++)
        {
            var features = new float[3];
            features[i % 3] = i;
            AssertClose(SmallModel.Logits(features, 3), scored[i].Logits, 1e-4f);
        }
    }

    [TestMethod]
    public void NotANumberGivesNotANumberAndAMissingLabel()
    {
        using var transformer = SmallModel.Transformer(_context);
        var rows = SampleTable.Rows(5);
        rows[2].Features[1] = float.NaN;
        var scored = _context.Data.CreateEnumerable<ScoredSample>(transformer.Transform(_context.Data.LoadFromEnumerable(rows)),
            reuseRowObject: false).ToList();
        Assert.AreEqual(0u, scored[2].PredictedLabel);
        Assert.IsTrue(float.IsNaN(scored[2].Variance));
        Assert.IsTrue(float.IsNaN(scored[2].Uncertainty));
        Assert.IsTrue(scored[2].Score.All(float.IsNaN));
        AssertScored(rows[3], scored[3]);
    }

    [TestMethod]
    public void OnlyTheColumnsAskedForAreComputed()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 3000));
        var all = _context.Data.CreateEnumerable<ScoredSample>(scored, reuseRowObject: false).ToList();
        CollectionAssert.AreEqual(all.ConvertAll(row => row.PredictedLabel), scored.GetColumn<uint>("PredictedLabel").ToList());
        CollectionAssert.AreEqual(all.ConvertAll(row => row.Variance), scored.GetColumn<float>("Variance").ToList());
    }

    [TestMethod]
    public void ATableWithoutItsFeaturesCanStillBeReadForItsOtherColumns()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(new FeaturesThrow(SampleTable.Create(_context, 10)));
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToList(), scored.GetColumn<int>("Id").ToList());
        Assert.ThrowsExactly<InvalidOperationException>(() => scored.GetColumn<float>("Variance").ToList());
    }

    [TestMethod]
    public void AFailureOfTheInputComesAtItsRow()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(_context.Data.LoadFromEnumerable(FailAt(150)));
        using var cursor = scored.GetRowCursor([scored.Schema["Id"], scored.Schema["Score"]]);
        for (var i = 0; i < 150; i++)
            Assert.IsTrue(cursor.MoveNext());
        Assert.Throws<Exception>(() => cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void DisposeStopsScoringWithoutHarm()
    {
        var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 20000));
        using var cursor = scored.GetRowCursor(scored.Schema);
        for (var i = 0; i < 700; i++)
            Assert.IsTrue(cursor.MoveNext());
        transformer.Dispose();
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        Assert.ThrowsExactly<ObjectDisposedException>(() => scored.GetColumn<float>("Variance").ToList());
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Transform(scored));
    }

    [TestMethod]
    public void TwoThreadsScoreAtOnceAndGetTheSame()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 4000));
        var expected = scored.GetColumn<float>("Uncertainty").ToArray();
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, scored.GetColumn<float>("Uncertainty").ToArray()));
    }

    [TestMethod]
    public void WideRowsMakeSmallBatches()
    {
        Assert.AreEqual(256, Sngp.Scoring.OnnxScorer.Capacity(10));
        Assert.AreEqual(104, Sngp.Scoring.OnnxScorer.Capacity(10_000));
        Assert.AreEqual(1, Sngp.Scoring.OnnxScorer.Capacity(int.MaxValue));
    }

    internal static void AssertScored(SampleRow row, ScoredSample scored)
    {
        var logits = SmallModel.Logits(row.Features, 3);
        Assert.AreEqual(row.Id, scored.Id);
        AssertClose(logits, scored.Logits, 1e-5f);
        AssertClose(SmallModel.Score(row.Features, 3), scored.Score, 1e-6f);
        Assert.AreEqual(SmallModel.Variance(row.Features), scored.Variance, 1e-5f);
        Assert.AreEqual((uint)(Array.IndexOf(scored.Logits, scored.Logits.Max()) + 1), scored.PredictedLabel);
        var entropy = -scored.Score.Sum(p => p * MathF.Log(p)) / MathF.Log(3);
        Assert.AreEqual(entropy, scored.Uncertainty, 1e-5f);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance);
    }

    private static IEnumerable<SampleRow> FailAt(int row)
    {
        for (var i = 0; i < row; i++)
            yield return SampleTable.Row(i);
        throw new InvalidDataException("The disk is gone.");
    }

    private sealed class SparseRow
    {
        [VectorType(3)]
        public VBuffer<float> Features { get; set; }
    }

    /// <summary>A table that must not be asked for its features.</summary>
    private sealed class FeaturesThrow(IDataView inner) : IDataView
    {
        public bool CanShuffle => inner.CanShuffle;

        public DataViewSchema Schema => inner.Schema;

        public long? GetRowCount() => inner.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            columnsNeeded.Any(column => column.Name == "Features")
                ? throw new InvalidOperationException("Features were asked for.")
                : inner.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }
}
