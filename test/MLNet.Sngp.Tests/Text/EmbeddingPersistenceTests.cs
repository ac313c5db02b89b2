using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Text;

[TestClass]
public sealed class EmbeddingPersistenceTests
{
    private static readonly string?[] Texts = ["red", "green blue a", "", null, "blues red green a query"];
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
    [DataRow(SentencePooling.Mean, false, SentenceEncoderSaving.Whole)]
    [DataRow(SentencePooling.Mean, true, SentenceEncoderSaving.Whole)]
    [DataRow(SentencePooling.Cls, true, SentenceEncoderSaving.Whole)]
    [DataRow(SentencePooling.None, false, SentenceEncoderSaving.Whole)]
    [DataRow(SentencePooling.Mean, true, SentenceEncoderSaving.ByHash)]
    [DataRow(SentencePooling.Cls, false, SentenceEncoderSaving.ByHash)]
    public void ASavedEncoderGivesTheSame(SentencePooling pooling, bool normalize, SentenceEncoderSaving saving)
    {
        var (file, schema, expected) = Save(pooling, normalize, saving);
        if (saving == SentenceEncoderSaving.Whole)
            File.Delete(_encoder.ModelPath);
        var loaded = new MLContext(2).Model.Load(file, out _);
        var table = loaded.Transform(TextRow.Table(_ml, Texts));
        CollectionAssert.AreEqual(DataViewReader.Describe(schema), DataViewReader.Describe(table.Schema));
        AssertSame(expected, table);
        // With batches, and that saved again.
        using (var batching = (IDisposable)new MLContext(2).Sngp().Load(file, out _))
        {
            var transformer = (ITransformer)batching;
            Assert.IsInstanceOfType<SentenceEmbeddingTransformer>(
                transformer is TransformerChain<ITransformer> chain ? chain.Single() : transformer);
            AssertSame(expected, transformer.Transform(TextRow.Table(_ml, Texts)));
            _ml.Model.Save(transformer, TextRow.Table(_ml).Schema, file);
            AssertSame(expected, new MLContext(2).Sngp().Load(file, out var input).Transform(TextRow.Table(_ml, Texts)));
            Assert.IsNotNull(input.GetColumnOrNull("Text"));
        }
        // Saved again, as whoever adds a step to it would.
        _ml.Model.Save(loaded, TextRow.Table(_ml).Schema, file);
        AssertSame(expected, new MLContext(2).Model.Load(file, out _).Transform(TextRow.Table(_ml, Texts)));
    }

    [TestMethod]
    public void AFileThatIsGoneIsNamed()
    {
        var (file, _, _) = Save(SentencePooling.Mean, true, SentenceEncoderSaving.ByHash);
        File.Delete(_encoder.ModelPath);
        Assert.Contains("saved by hash, without the file of the encoder that ModelPath names", Failure<FileNotFoundException>(file));
        Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext(2).Sngp().Load(file, out _));
    }

    [TestMethod]
    public void AFileThatIsAnotherIsRefused()
    {
        var (file, _, _) = Save(SentencePooling.Mean, true, SentenceEncoderSaving.ByHash);
        File.AppendAllText(_encoder.VocabularyPath, "more\n");
        Assert.Contains("is not the file that the pipeline was saved with: its SHA-256 is", Failure<ModelFormatException>(file));
    }

    [TestMethod]
    public void AGraphOfAnOldOperatorSetIsSavedByHashAlone()
    {
        using var old = new SmallEncoder(opset: 9);
        var table = TextRow.Table(_ml, Texts);
        using var transformer = _ml.Transforms.Text.EmbedSentences("Features", "Text", old.Options()).Fit(table);
        var exception = Assert.Throws<InvalidOperationException>(
            () => _ml.Model.Save(transformer, table.Schema, _folder.File("model.zip")));
        Assert.Contains("operator set 9 and cannot be saved whole. Save with Saving = ByHash", exception.Message);
    }

    private (string File, DataViewSchema Schema, float[][] Expected) Save(
        SentencePooling pooling, bool normalize, SentenceEncoderSaving saving)
    {
        var options = _encoder.Options();
        (options.Pooling, options.Normalize, options.Saving, options.Prefix) = (pooling, normalize, saving, "query: ");
        var table = TextRow.Table(_ml, Texts);
        using var transformer = _ml.Transforms.Text.EmbedSentences("Features", "Text", options).Fit(table);
        var file = _folder.File("model.zip");
        _ml.Model.Save(transformer, table.Schema, file);
        var output = transformer.Transform(table);
        return (file, output.Schema, [.. output.GetColumn<float[]>("Features")]);
    }

    private string Failure<TException>(string file)
        where TException : Exception
    {
        var loaded = new MLContext(2).Model.Load(file, out _);
        // ML.NET's own cursors put what a mapping throws into an exception of theirs.
        var exception = Assert.Throws<InvalidOperationException>(
            () => loaded.Transform(TextRow.Table(_ml, Texts)).GetColumn<float[]>("Features").Count());
        Assert.IsInstanceOfType<TException>(exception.InnerException);
        return exception.InnerException!.Message;
    }

    private static void AssertSame(float[][] expected, IDataView table)
    {
        var actual = table.GetColumn<float[]>("Features").ToArray();
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
        {
            for (var j = 0; j < SmallEncoder.Width; j++)
                Assert.AreEqual(expected[i][j], actual[i][j], 1e-6f, $"row {i}");
        }
    }
}
