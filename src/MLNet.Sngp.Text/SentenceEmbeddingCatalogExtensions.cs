using MLNet.Sngp;

namespace Microsoft.ML;

/// <summary>Adds <c>mlContext.Transforms.Text.EmbedSentences</c>.</summary>
public static class SentenceEmbeddingCatalogExtensions
{
    /// <summary>Creates a <see cref="SentenceEmbeddingEstimator"/>: from a text to the vector that a sentence encoder gives it.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="outputColumnName">The column to add, a vector of <see cref="float"/> as long as the encoder's.</param>
    /// <param name="inputColumnName">The column of texts; null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="options">The encoder; copied. Null takes <see cref="SentenceEncoderOptions.MiniLM"/>.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message lists all such options.</exception>
    /// <exception cref="FileNotFoundException">A file of the encoder is not there; the message says which, and what to do.</exception>
    public static SentenceEmbeddingEstimator EmbedSentences(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        SentenceEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SentenceEmbeddingEstimator(outputColumnName, inputColumnName ?? outputColumnName,
            options ?? SentenceEncoderOptions.MiniLM());
    }
}
