using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Text;

[TestClass]
public sealed class SentenceEmbeddingTests
{
    private static readonly string?[] Texts = ["red", "red green", "reds, blue!", "", null, "Greens a a a", "blue"];
    private readonly MLContext _ml = new(1);
    private readonly SmallEncoder _encoder = new();

    [TestCleanup]
    public void Delete() => _encoder.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(64)]
    [DataRow(200)]
    public void KeepsTheContractOfATransformer(int rows)
    {
        using var transformer = Fit(_encoder.Options());
        TransformerContract.Check(transformer, TextRow.Table(_ml, Some(rows)), rows);
    }

    [TestMethod]
    public void KeepsItOverACacheThatShufflesAndSplits()
    {
        using var transformer = Fit(_encoder.Options());
        TransformerContract.Check(transformer, _ml.Data.Cache(TextRow.Table(_ml, Some(1500))), 1500);
    }

    [TestMethod]
    public void ACacheOfEmbeddingsKeepsTheContractOfATable()
    {
        using var transformer = Fit(_encoder.Options());
        DataViewContract.Check(_ml.Data.Cache(transformer.Transform(TextRow.Table(_ml, Some(300)))), 300);
        Assert.HasCount(7, transformer.Transform(TextRow.Table(_ml, Texts)).Preview().RowView);
    }

    [TestMethod]
    public void ThePromiseIsWhatTheTransformerGives()
    {
        var estimator = _ml.Transforms.Text.EmbedSentences("Features", "Text", _encoder.Options());
        var table = TextRow.Table(_ml, Texts);
        var input = _ml.Transforms.CustomMapping<NoColumns, TextRow>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        using var transformer = estimator.Fit(table);
        TransformerContract.CheckPromise(estimator.GetOutputSchema(input), transformer.GetOutputSchema(table.Schema));
        Assert.AreEqual("Vector<Single, 3>", transformer.GetOutputSchema(table.Schema)["Features"].Type.ToString());
    }

    [TestMethod]
    public void TheDefaultsAreThoseOfTheDocumentation()
    {
        var options = new SentenceEncoderOptions();
        Assert.AreEqual(SentencePooling.Mean, options.Pooling);
        Assert.AreEqual(SentenceEncoderSaving.Whole, options.Saving);
        Assert.AreEqual(SentenceEncoderSaving.ByHash, SentenceEncoderOptions.MiniLM().Saving);
        Assert.AreEqual(512, options.MaximumLength);
        Assert.IsTrue(options.Normalize && options.LowerCase);
        Assert.AreEqual("", options.Prefix);
        Assert.IsNull(options.NumberOfThreads);
    }

    [TestMethod]
    public void TheMeanIsOverAllTokens() => AssertEmbeds(_encoder.Options(), "reds, blue",
        SmallEncoder.Mean("[CLS]", "red", "##s", "[UNK]", "blue", "[SEP]"));

    [TestMethod]
    public void ClsIsTheFirstToken() =>
        AssertEmbeds(With(options => options.Pooling = SentencePooling.Cls), "blue", SmallEncoder.Row("[CLS]"));

    [TestMethod]
    public void NoneTakesTheOutputOfTheGraph() =>
        AssertEmbeds(With(options => options.Pooling = SentencePooling.None), "blue", SmallEncoder.Row("[CLS]"));

    [TestMethod]
    public void AMissingTextIsAnEmptyOne() => AssertEmbeds(_encoder.Options(), null, SmallEncoder.Mean("[CLS]", "[SEP]"));

    [TestMethod]
    public void APrefixCounts() => AssertEmbeds(With(options => options.Prefix = "query: "), "red",
        SmallEncoder.Mean("[CLS]", "query", ":", "red", "[SEP]"));

    [TestMethod]
    public void NormalisedEmbeddingsHaveLengthOne()
    {
        var mean = SmallEncoder.Mean("[CLS]", "red", "[SEP]");
        var length = MathF.Sqrt(mean.Sum(x => x * x));
        AssertEmbeds(With(options => options.Normalize = true), "red", [.. mean.Select(x => x / length)]);
    }

    [TestMethod]
    public void LongTextsAreCutAndCounted()
    {
        using var transformer = Fit(With(options => options.MaximumLength = 4));
        Assert.AreEqual(4, transformer.GetOutputSchema(TextRow.Table(_ml).Schema).Count + transformer.EmbeddingDimension - 2);
        var embeddings = Embed(transformer, "red green blue a", "red", "a a a");
        AssertEqual(SmallEncoder.Mean("[CLS]", "red", "green", "[SEP]"), embeddings[0]);
        Assert.AreEqual(2, transformer.CutTextCount);
    }

    [TestMethod]
    public void AnEncoderMayTakeIdsAlone()
    {
        using var encoder = new SmallEncoder(["input_ids"]);
        AssertEmbeds(encoder.Options(), "red", SmallEncoder.Mean("[CLS]", "red", "[SEP]"));
    }

    [TestMethod]
    public void APredictionEngineEmbeds()
    {
        using var transformer = Fit(_encoder.Options());
        using var engine = _ml.Model.CreatePredictionEngine<TextRow, Embedding>(transformer);
        AssertEqual(SmallEncoder.Mean("[CLS]", "red", "[SEP]"), engine.Predict(new TextRow { Text = "red" }).Features);
        AssertEqual(SmallEncoder.Mean("[CLS]", "blue", "a", "[SEP]"), engine.Predict(new TextRow { Text = "blue a" }).Features);
    }

    [TestMethod]
    public void NothingIsEmbeddedBeforeRowsAreRead()
    {
        using var transformer = Fit(With(options => options.MaximumLength = 3));
        var table = transformer.Transform(TextRow.Table(_ml, "red red red"));
        Assert.HasCount(1, table.GetColumn<int>("Number"));
        Assert.AreEqual(0, transformer.CutTextCount);
        Assert.HasCount(1, table.GetColumn<float[]>("Features"));
        Assert.AreEqual(1, transformer.CutTextCount);
    }

    [TestMethod]
    public void AfterDisposalEmbeddingIsRefused()
    {
        var transformer = Fit(_encoder.Options());
        var table = transformer.Transform(TextRow.Table(_ml, Texts));
        transformer.Dispose();
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => table.GetColumn<float[]>("Features").Count());
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Transform(table));
    }

    private static IEnumerable<string?> Some(int count) => Enumerable.Range(0, count).Select(i => Texts[i % Texts.Length]);

    private SentenceEncoderOptions With(Action<SentenceEncoderOptions> change)
    {
        var options = _encoder.Options();
        change(options);
        return options;
    }

    private SentenceEmbeddingTransformer Fit(SentenceEncoderOptions options) =>
        _ml.Transforms.Text.EmbedSentences("Features", "Text", options).Fit(TextRow.Table(_ml, Texts));

    private float[][] Embed(ITransformer transformer, params string?[] texts) =>
        [.. transformer.Transform(TextRow.Table(_ml, texts)).GetColumn<float[]>("Features")];

    private void AssertEmbeds(SentenceEncoderOptions options, string? text, float[] expected)
    {
        using var transformer = Fit(options);
        AssertEqual(expected, Embed(transformer, text).Single());
    }

    private static void AssertEqual(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6f);
    }

    private sealed class NoColumns;

    private sealed class Embedding
    {
        public float[] Features { get; set; } = [];
    }
}
