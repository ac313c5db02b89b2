using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace MLNet.Sngp.Text;

/// <summary>BERT's basic tokenisation: cleans a text, sets characters without spaces between words apart, and drops capitals and
/// accents.</summary>
/// <remarks>
/// Source: Devlin et al. 2018, <c>BasicTokenizer</c> in google-research/bert and <c>BertNormalizer</c> in huggingface/tokenizers. That of
/// Microsoft.ML.Tokenizers 2.0.1 joins words at a line break, and its splitter drops symbols such as $ and €.
/// </remarks>
internal sealed class BertNormalizer(bool lowerCase) : Normalizer
{
    public override string Normalize(string original) => Normalize(original.AsSpan());

    public override string Normalize(ReadOnlySpan<char> original)
    {
        var cleaned = new StringBuilder(original.Length + 8);
        foreach (var rune in original.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) && rune.Value != 0x85)
                cleaned.Append(' ');
            else if (IsIdeograph(rune.Value))
                cleaned.Append(' ').Append(rune).Append(' ');
            else if (rune != Rune.ReplacementChar && !IsControl(rune))
                cleaned.Append(rune);
        }
        return lowerCase ? Lower(cleaned.ToString()) : cleaned.ToString();
    }

    private static string Lower(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var lowered = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                lowered.Append(Rune.ToLowerInvariant(rune));
        }
        return lowered.ToString();
    }

    // The categories whose names begin with C.
    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsIdeograph(int code) => code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}

/// <summary>BERT's splitter: words between spaces, and each punctuation mark by itself.</summary>
internal sealed class BertSplitter : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>();
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            var isSpace = Rune.IsWhiteSpace(rune);
            if (isSpace || IsPunctuation(rune))
            {
                if (i > start)
                    words.Add((start, i - start));
                if (!isSpace)
                    words.Add((i, length));
                start = i + length;
            }
            i += length;
        }
        if (text.Length > start)
            words.Add((start, text.Length - start));
        return words;
    }

    // Of ASCII also what Unicode calls a symbol: $ + < = > ^ ` | ~.
    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));
}
