using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Text;

namespace MLNet.Sngp;

/// <summary>Opens a sentence encoder, which turns texts into vectors: texts of like meaning lie near each other. Made by
/// <c>mlContext.Transforms.Text.EmbedSentences(…)</c>.</summary>
/// <remarks>
/// <para>There is nothing to learn: <see cref="Fit"/> reads no row. Training passes over the rows more than once, so
/// <c>AppendCacheCheckpoint</c> after this estimator spares embedding them again.</para>
/// <para>Exportable to ONNX: no, because no ONNX operator splits texts into WordPieces; <c>SaveAsOnnx</c> of the classifier alone takes
/// embeddings.</para>
/// <para>Immutable and safe for use by several threads.</para>
/// </remarks>
public sealed class SentenceEmbeddingEstimator : IEstimator<SentenceEmbeddingTransformer>
{
    private readonly SentenceEncoderOptions _options;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;

    internal SentenceEmbeddingEstimator(string outputColumnName, string inputColumnName, SentenceEncoderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        (_outputColumnName, _inputColumnName) = (outputColumnName, inputColumnName);
        _options = options.Checked(nameof(options));
        EncoderFile.Require(_options.ModelPath!, nameof(SentenceEncoderOptions.ModelPath));
        EncoderFile.Require(_options.VocabularyPath!, nameof(SentenceEncoderOptions.VocabularyPath));
    }

    /// <summary>Opens the encoder.</summary>
    /// <param name="input">A table with the column of texts; its rows are not read.</param>
    /// <returns>The transformer, which owns the encoder: dispose it to free the native memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of texts is missing, or holds something else.</exception>
    /// <exception cref="FileNotFoundException">A file of the encoder is not there.</exception>
    /// <exception cref="ModelFormatException">The files are no encoder, or do not belong together; the message says what was
    /// found.</exception>
    public SentenceEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TextColumn.Check(ColumnShapes.Of(input.Schema), _inputColumnName);
        return new SentenceEmbeddingTransformer(_outputColumnName, _inputColumnName, SentenceEncoder.Open(_options));
    }

    /// <summary>Gets the columns of <paramref name="inputSchema"/> and the embedding.</summary>
    /// <param name="inputSchema">The columns of the table.</param>
    /// <returns>The columns with a vector of <see cref="float"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of texts is missing, or holds something else.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        TextColumn.Check(ColumnShapes.Of(inputSchema), _inputColumnName);
        var definition = SchemaDefinition.Create(typeof(Embedding));
        definition[0].ColumnName = _outputColumnName;
        // The number of elements is no part of a SchemaShape; any will do.
        definition[0].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1);
        var promise = new MLContext()
            .Transforms.CustomMapping<NoColumns, Embedding>((_, _) => { }, null, outputSchemaDefinition: definition)
            .GetOutputSchema(new SchemaShape([]));
        return new SchemaShape(inputSchema.Where(column => column.Name != _outputColumnName).Concat(promise));
    }

    private sealed class NoColumns;

    private sealed class Embedding
    {
        public VBuffer<float> Value { get; set; }
    }
}
