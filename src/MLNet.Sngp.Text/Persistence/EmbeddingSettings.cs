using System.Text;
using System.Text.Json;

namespace MLNet.Sngp.Text;

/// <summary>What a zip file says of an encoder: all but the model, and but the vocabulary where it is saved by hash.</summary>
/// <param name="Options">How the encoder is used.</param>
/// <param name="InputColumnName">The column of texts.</param>
/// <param name="OutputColumnName">The column that is added.</param>
/// <param name="Dimension">The number of its elements.</param>
/// <param name="ModelHash">The SHA-256 of the model.</param>
/// <param name="VocabularyHash">The SHA-256 of the vocabulary.</param>
/// <param name="Vocabulary">The vocabulary, where it is saved whole.</param>
internal sealed record EmbeddingSettings(
    SentenceEncoderOptions Options, string InputColumnName, string OutputColumnName, int Dimension, string ModelHash, string VocabularyHash,
    byte[]? Vocabulary)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <exception cref="ModelFormatException">The text is something else.</exception>
    public static EmbeddingSettings Parse(ReadOnlySpan<char> json)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<EmbeddingSettings>(json) ?? throw new JsonException("It is null.");
            return settings with { Options = settings.Options.Checked(nameof(Options)) };
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NullReferenceException)
        {
            throw new ModelFormatException(
                $"The settings of a sentence encoder in the file cannot be read ({exception.Message}). Give a file that "
                + "mlContext.Model.Save "
                + "wrote, whole and unchanged.", exception);
        }
    }

    /// <summary>Opens an encoder that was saved by hash.</summary>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="ModelFormatException">A file is another one.</exception>
    public SentenceEncoder OpenByHash() => Checked(SentenceEncoder.OpenSame(Options, ModelHash, VocabularyHash));

    /// <summary>The tokenizer of an encoder that was saved whole.</summary>
    public WordPieces OpenWords() => new(Vocabulary ?? [], Options);

    /// <summary>Refuses an encoder of another size than was saved.</summary>
    public SentenceEncoder Checked(SentenceEncoder encoder) => encoder.Dimension == Dimension ? encoder : throw new ModelFormatException(
        FormattableString.Invariant($"The encoder gives {encoder.Dimension} numbers and the file says {Dimension}. The file is damaged."));
}
