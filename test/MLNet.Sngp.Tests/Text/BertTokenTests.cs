using System.Text.Json;
using MLNet.Sngp.Text;

namespace MLNet.Sngp.Tests.Text;

[TestClass]
public sealed class BertTokenTests
{
    private static readonly Lazy<WordPieces> MiniLM = new(() => Words(new SentenceEncoderOptions()));

    /// <summary>bert_tokens.json: the ids that Hugging Face's tokenizer gives hard texts, by the program beside it.</summary>
    public static IEnumerable<object[]> Reference() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "bert_tokens.json"))).RootElement
            .EnumerateArray().Select(entry => new object[]
            {
                entry.GetProperty("text").GetString()!, string.Join(' ', entry.GetProperty("ids").EnumerateArray()),
            });

    [TestMethod]
    [DynamicData(nameof(Reference))]
    public void TokensAreThoseOfBert(string text, string ids)
    {
        Assert.AreEqual(ids, string.Join(' ', MiniLM.Value.Encode(text, out var isCut)));
        Assert.IsFalse(isCut);
    }

    [TestMethod]
    public void ALongTextIsCutBeforeItsLastToken()
    {
        var words = Words(new SentenceEncoderOptions { MaximumLength = 4 });
        Assert.AreEqual("101 2028 2048 102", string.Join(' ', words.Encode("one two", out var isCut)));
        Assert.IsFalse(isCut);
        Assert.AreEqual("101 2028 2048 102", string.Join(' ', words.Encode("one two three", out isCut)));
        Assert.IsTrue(isCut);
    }

    [TestMethod]
    public void APrefixIsTokenisedWithTheText() => CollectionAssert.AreEqual(
        MiniLM.Value.Encode("query: one", out _), Words(new SentenceEncoderOptions { Prefix = "query: " }).Encode("one", out _));

    [TestMethod]
    public void CapitalsAndAccentsStayInACasedVocabulary() =>
        // Nothing in the uncased vocabulary has a capital letter.
        Assert.AreEqual(
            "101 100 100 102", string.Join(' ', Words(new SentenceEncoderOptions { LowerCase = false }).Encode("One é", out _)));

    private static WordPieces Words(SentenceEncoderOptions options) =>
        new(EncoderFile.Read(SentenceEncoderOptions.MiniLM().VocabularyPath!, "VocabularyPath"), options);
}
