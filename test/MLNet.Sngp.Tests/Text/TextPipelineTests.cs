using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Text;

/// <summary>From texts to classes: embedding and SNGP as one pipeline.</summary>
[TestClass]
public sealed class TextPipelineTests
{
    private static readonly string[] Colours = ["red", "green", "blue"];
    private readonly MLContext _ml = new(1);
    private readonly SmallEncoder _encoder = new();
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Delete()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    [DataRow(SentenceEncoderSaving.Whole)]
    [DataRow(SentenceEncoderSaving.ByHash)]
    public void AChainScoresTheSameWhenItIsLoaded(SentenceEncoderSaving saving)
    {
        var table = Table(90);
        var model = Train(table, saving);
        var file = _folder.File("model.zip");
        _ml.Model.Save(model, table.Schema, file);
        var expected = model.Transform(table);
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(expected).MicroAccuracy);
        var rowwise = new MLContext(2).Model.Load(file, out _);
        AssertSame(expected, rowwise.Transform(table));
        var batching = new MLContext(2).Sngp().Load(file, out _);
        Assert.IsTrue(((TransformerChain<ITransformer>)batching).Any(step => step is SentenceEmbeddingTransformer));
        AssertSame(expected, batching.Transform(table));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Scored>(batching);
        Assert.AreEqual("blue", engine.Predict(new Row { Text = "a blue a" }).PredictedLabel);
    }

    [TestMethod]
    public void ACheckpointKeepsTheEmbeddings()
    {
        var options = _encoder.Options();
        options.MaximumLength = 3;
        var embedding = _ml.Transforms.Text.EmbedSentences("Features", "Text", options);
        var table = Table(90);
        using var transformer = embedding.Fit(table);
        var cached = _ml.Data.Cache(transformer.Transform(table), "Features", "Label");
        foreach (var _ in (int[])[1, 2, 3])
            Assert.HasCount(90, cached.GetColumn<float[]>("Features"));
        // Every text but the colours alone is cut, once.
        Assert.AreEqual(
            table.GetColumn<string>("Text").Count(text => text.Contains(' ', StringComparison.Ordinal)), transformer.CutTextCount);
    }

    [TestMethod]
    public void APipelineWithTextsIsNotWrittenAsOneGraph()
    {
        var table = Table(30);
        var model = Train(table, SentenceEncoderSaving.Whole);
        var exception = Assert.Throws<Exception>(() => model.SaveAsOnnx(_ml, table, _folder.File("model.onnx")));
        Assert.Contains("SentenceEmbeddingTransformer", exception.Message);
    }

    private ITransformer Train(IDataView table, SentenceEncoderSaving saving)
    {
        var options = _encoder.Options();
        options.Saving = saving;
        return _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.EmbedSentences("Features", "Text", options))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 30)))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(table);
    }

    private IDataView Table(int rows) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row
    {
        Label = Colours[i % 3], Text = (i % 4) switch { 0 => Colours[i % 3], 1 => $"a {Colours[i % 3]}", 2 => $"a a {Colours[i % 3]}s",
            _ => $"{Colours[i % 3]} query" },
    }).ToList());

    private static void AssertSame(IDataView expected, IDataView actual)
    {
        foreach (var name in (string[])["Features", "Score", "Variance", "Uncertainty"])
        {
            var left = DataViewReader.Rows(expected, [expected.Schema[name]]);
            var right = DataViewReader.Rows(actual, [actual.Schema[name]]);
            Assert.HasCount(left.Count, right);
            for (var i = 0; i < left.Count; i++)
                TransformerContract.AssertSame(left[i].Split(": ")[1], right[i].Split(": ")[1], name);
        }
        CollectionAssert.AreEqual(
            expected.GetColumn<string>("PredictedLabel").ToList(), actual.GetColumn<string>("PredictedLabel").ToList());
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Scored
    {
        public string PredictedLabel { get; set; } = "";
    }
}
