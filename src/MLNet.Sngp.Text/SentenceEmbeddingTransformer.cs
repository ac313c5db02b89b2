using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Scoring;
using MLNet.Sngp.Text;

namespace MLNet.Sngp;

/// <summary>Adds the embeddings of a column of texts to a table: a vector of Single with as many elements as the encoder gives. Lazy, in
/// batches
/// of texts of the same length, on ONNX Runtime.</summary>
/// <remarks>
/// <para>A missing text is embedded as an empty one. The numbers of a row do not depend on the rows that it is embedded with.</para>
/// <para><c>mlContext.Model.Save</c> writes what <see cref="SentenceEncoderOptions.Saving"/> says; <c>mlContext.Model.Load</c> gives the
/// same
/// numbers, row by row, and <c>mlContext.Sngp().Load</c> in batches.</para>
/// <para>Safe for use by several threads. Dispose it to free the native memory; afterwards embedding throws
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class SentenceEmbeddingTransformer : ITransformer, IDisposable
{
    private readonly SentenceEncoder _encoder;
    private readonly TextScorer _scorer;

    internal SentenceEmbeddingTransformer(string outputColumnName, string inputColumnName, SentenceEncoder encoder)
    {
        (OutputColumnName, InputColumnName, _encoder) = (outputColumnName, inputColumnName, encoder);
        _scorer = new TextScorer(outputColumnName, inputColumnName, encoder);
    }

    /// <summary>Gets the name of the column of texts.</summary>
    public string InputColumnName { get; }

    /// <summary>Gets the name of the column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>Gets the number of elements of an embedding.</summary>
    public int EmbeddingDimension => _encoder.Dimension;

    /// <summary>Gets how many texts of more tokens than <see cref="SentenceEncoderOptions.MaximumLength"/> were cut so far; a row that is
    /// read
    /// twice counts twice.</summary>
    public long CutTextCount => _encoder.CutCount;

    /// <summary>Gets <see langword="true"/>: each row is embedded by itself.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Gives the columns of <paramref name="inputSchema"/> followed by the embedding.</summary>
    /// <param name="inputSchema">The columns of the table.</param>
    /// <returns>The columns with the embedding.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of texts is missing, or holds something else.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>Adds the embeddings to <paramref name="input"/>. Lazy: nothing is embedded before rows are read.</summary>
    /// <param name="input">The table.</param>
    /// <returns>The table with the embeddings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of texts is missing, or holds something else.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _encoder.ThrowIfDisposed();
        return new ScoredDataView(input, _scorer);
    }

    /// <summary>Gives what embeds one row at a time; prediction engines use it.</summary>
    /// <param name="inputSchema">The columns of the rows.</param>
    /// <returns>A mapper of rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of texts is missing, or holds something else.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredRowMapper(inputSchema, _scorer);
    }

    /// <summary>Frees the native memory of the encoder. Embedding that goes on elsewhere ends with
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _encoder.Dispose();

    // ML.NET's zip format: mlContext.Model.Save calls this.
    void ICanSaveModel.Save(ModelSaveContext ctx) => EmbeddingChain.Save(_encoder, InputColumnName, OutputColumnName, ctx);
}
