using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests;

/// <summary>What docs/determinism.md says is bit-identical.</summary>
[TestClass]
public class DeterminismTests
{
    private const int Rows = 101;
    private static readonly string[] Columns = ["Score", "Logits"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void ARowHasTheSameBitsInATableOfAnySize()
    {
        using var model = Train(1);
        var rows = TwoClusters.Rows(Rows, seed: 7);
        var expected = Score(model, rows);
        foreach (var size in (int[])[1, 2, 3, 7, 64, 65, 100])
            CollectionAssert.AreEqual(
                expected, rows.Chunk(size).SelectMany(chunk => Score(model, chunk)).ToList(), $"tables of {size} rows");
    }

    [TestMethod]
    public void ThreeClassesAreNoException()
    {
        using var model = SmallModel.Transformer(_ml);
        var rows = SampleTable.Rows(Rows);
        var expected = Uncertainties(model, rows);
        foreach (var size in (int[])[1, 2, 3, 6, 7])
            CollectionAssert.AreEqual(
                expected, rows.Chunk(size).SelectMany(chunk => Uncertainties(model, chunk)).ToList(), $"tables of {size} rows");
    }

    [TestMethod]
    public void ARowHasTheSameBitsInEveryPredictionEngineAndInATable()
    {
        using var model = Train(1);
        var rows = TwoClusters.Rows(Rows, seed: 7);
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var scores = scored.GetColumn<float[]>("Score").ToList();
        var variances = scored.GetColumn<float>("Variance").ToList();
        var uncertainties = scored.GetColumn<float>("Uncertainty").ToList();
        using var first = Engine(model);
        using var second = Engine(model);
        for (var i = 0; i < Rows; i++)
        {
            var prediction = first.Predict(rows[i]);
            second.Predict(rows[Rows - 1 - i]);
            CollectionAssert.AreEqual(prediction.Score, second.Predict(rows[i]).Score);
            CollectionAssert.AreEqual(scores[i], prediction.Score);
            Assert.AreEqual(variances[i], prediction.Variance);
            Assert.AreEqual(uncertainties[i], prediction.Uncertainty);
        }
    }

    [TestMethod]
    public void ARowHasTheSameBitsThroughSeveralCursors()
    {
        using var model = Train(1);
        var scored = model.Transform(_ml.Data.Cache(_ml.Data.LoadFromEnumerable(TwoClusters.Rows(2000, seed: 7))));
        var expected = scored.GetColumn<float>("Variance").Order().ToList();
        var cursors = scored.GetRowCursorSet(scored.Schema, 4);
        var actual = cursors.AsParallel().WithDegreeOfParallelism(cursors.Length).SelectMany(cursor => Variances(cursor).ToList()).Order()
            .ToList();
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void TwoTrainingsAtOnceGiveWhatEachGivesAlone()
    {
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            byte[][] alone = [Bytes(1), Bytes(2)];
            var both = Enumerable.Range(1, 2).Select(seed => Task.Factory.StartNew(() => Bytes(seed), TaskCreationOptions.LongRunning))
                .ToArray();
            Task.WaitAll(both);
            for (var i = 0; i < alone.Length; i++)
                CollectionAssert.AreEqual(alone[i], both[i].Result);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void NoGlobalStateIsChanged()
    {
        var before = GlobalState();
        using var model = Train(3);
        Score(model, TwoClusters.Rows(10));
        using var folder = new TemporaryFolder();
        model.SaveAsOnnx(folder.File("model.onnx"));
        _ml.Model.Save(model, _ml.Data.LoadFromEnumerable(TwoClusters.Rows(1)).Schema, folder.File("model.zip"));
        (_ml.Sngp().Load(folder.File("model.zip"), out _) as IDisposable)?.Dispose();
        Assert.AreEqual(before, GlobalState());
    }

    private static string GlobalState()
    {
        using var random = get_rng_state();
        return string.Join(
            ' ', Convert.ToHexString(random.data<byte>().ToArray()), get_num_threads(), get_num_interop_threads(), is_grad_enabled(),
            CultureInfo.CurrentCulture.Name, CultureInfo.DefaultThreadCurrentCulture?.Name, Environment.CurrentDirectory,
            Environment.GetEnvironmentVariables().Count);
    }

    private static IEnumerable<float> Variances(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var getter = cursor.GetGetter<float>(cursor.Schema["Variance"]);
            while (cursor.MoveNext())
            {
                var variance = 0f;
                getter(ref variance);
                yield return variance;
            }
        }
    }

    private List<string> Score(SngpTransformer model, IEnumerable<TwoClusters.Row> rows)
    {
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var columns = Columns.Select(name => scored.GetColumn<float[]>(name))
            .Append(scored.GetColumn<float>("Variance").Select(variance => new[] { variance }));
        return [.. columns.Aggregate((left, right) => left.Zip(right, (first, second) => first.Concat(second).ToArray()))
            .Select(numbers => string.Join(' ', numbers.Select(BitConverter.SingleToInt32Bits)))];
    }

    private List<float> Uncertainties(SngpTransformer model, IEnumerable<SampleRow> rows) =>
        [.. model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Uncertainty")];

    private PredictionEngine<TwoClusters.Row, Prediction> Engine(SngpTransformer model) =>
        _ml.Model.CreatePredictionEngine<TwoClusters.Row, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private byte[] Bytes(int seed)
    {
        using var model = Train(seed);
        return model.Model.OnnxBytes;
    }

    private SngpTransformer Train(int seed)
    {
        var options = TwoClusters.QuickOptions(epochs: 2);
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 64;
        options.GaussianProcess.NumberOfRandomFeatures = 256;
        options.Seed = seed;
        return _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];

        public float Variance { get; set; }

        public float Uncertainty { get; set; }
    }
}
