using Microsoft.ML.Tokenizers;

namespace MLNet.Sngp.Text;

/// <summary>A vocabulary and the tokens of texts by it.</summary>
internal sealed class WordPieces
{
    private static readonly string[] Special = ["[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"];

    private readonly BertTokenizer _tokenizer;
    private readonly string _prefix;
    private readonly int _maximumLength;

    /// <exception cref="ModelFormatException">The vocabulary is not one of WordPieces.</exception>
    public WordPieces(byte[] vocabulary, SentenceEncoderOptions options)
    {
        (_prefix, _maximumLength) = (options.Prefix, options.MaximumLength);
        var lines = System.Text.Encoding.UTF8.GetString(vocabulary).TrimEnd('\n', '\r').Split('\n');
        var tokens = lines.Select(line => line.TrimEnd('\r')).ToHashSet(StringComparer.Ordinal);
        if (Special.FirstOrDefault(token => !tokens.Contains(token)) is { } missing)
            throw new ModelFormatException(
                $"The vocabulary '{options.VocabularyPath}' has no line {missing} among {Count(lines.Length)}: it is not one of BERT's "
                + "WordPieces. Give "
                + "the vocab.txt of the encoder; encoders with a SentencePiece or byte-pair tokenizer cannot be used.");
        Size = lines.Length;
        _tokenizer = Create(vocabulary, options);
    }

    /// <summary>The number of tokens in the vocabulary.</summary>
    public int Size { get; }

    /// <summary>The ids of a text's tokens between those of [CLS] and [SEP].</summary>
    /// <param name="text">The text, without the prefix.</param>
    /// <param name="isCut">Whether it had more tokens.</param>
    public long[] Encode(ReadOnlySpan<char> text, out bool isCut)
    {
        var most = _maximumLength - 2;
        var whole = _prefix.Length == 0 ? text : string.Concat(_prefix, text);
        var ids = _tokenizer.EncodeToIds(whole, most + 1, addSpecialTokens: false, out _, out _);
        isCut = ids.Count > most;
        var count = Math.Min(ids.Count, most);
        var tokens = new long[count + 2];
        (tokens[0], tokens[^1]) = (_tokenizer.ClassificationTokenId, _tokenizer.SeparatorTokenId);
        for (var i = 0; i < count; i++)
            tokens[i + 1] = ids[i];
        return tokens;
    }

    private static BertTokenizer Create(byte[] vocabulary, SentenceEncoderOptions options)
    {
        using var stream = new MemoryStream(vocabulary);
        try
        {
            return BertTokenizer.Create(stream, new BertOptions
            {
                LowerCaseBeforeTokenization = options.LowerCase,
                Normalizer = new BertNormalizer(options.LowerCase),
                PreTokenizer = new BertSplitter(),
            });
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(
                $"The vocabulary '{options.VocabularyPath}' cannot be read ({exception.Message}). Give the vocab.txt of the encoder.",
                exception);
        }
    }

    private static string Count(int lines) => FormattableString.Invariant($"{lines:N0} lines");
}
