using System.Numerics.Tensors;

namespace MLNet.Sngp.Text;

/// <summary>An encoder that is open: from texts to vectors. Any number of threads may use it at once.</summary>
/// <remarks>
/// <para>Texts are run together with others of exactly as many tokens: nothing is padded, and the numbers of a text do not depend on the
/// others. As the session of a classifier, that of an encoder has no threads of its own: cursors run several batches at a time.</para>
/// <para>After <see cref="Dispose"/> every further run throws; the native session goes when the last buffers on it do.</para>
/// </remarks>
internal sealed class SentenceEncoder : IDisposable
{
    // Enough for the products of matrices to run at full speed, little enough for attention over long texts to stay in memory.
    private const int TokensAtOnce = 1024;

    private readonly EncoderSession _session;
    private readonly byte[]? _model;
    private readonly WordPieces _words;
    private readonly Lock _lock = new();
    private long _cut;
    private int _users = 1;
    private volatile bool _disposed;

    private SentenceEncoder(SentenceEncoderOptions options, byte[] model, byte[] vocabulary, bool isOfFiles)
    {
        _model = isOfFiles ? null : model;
        Options = options;
        Vocabulary = vocabulary;
        (ModelHash, VocabularyHash) = (EncoderFile.Hash(model), EncoderFile.Hash(vocabulary));
        _words = new WordPieces(vocabulary, options);
        EncoderGraph.CheckVocabulary(EncoderGraph.Parse(model, options.ModelPath!).Graph, _words.Size, options);
        _session = new EncoderSession(model, options, [.. _words.Encode("", out _)]);
    }

    public SentenceEncoderOptions Options { get; }

    public byte[] Vocabulary { get; }

    public string ModelHash { get; }

    public string VocabularyHash { get; }

    /// <summary>The output of the graph that is taken.</summary>
    public string OutputName => _session.OutputName;

    /// <summary>The number of elements of an embedding.</summary>
    public int Dimension => _session.Dimension;

    /// <summary>How many texts were cut.</summary>
    public long CutCount => Interlocked.Read(ref _cut);

    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="ModelFormatException">The files are no encoder, or do not belong together.</exception>
    public static SentenceEncoder Open(SentenceEncoderOptions options) => new(options,
        EncoderFile.Read(options.ModelPath!, nameof(options.ModelPath)),
        EncoderFile.Read(options.VocabularyPath!, nameof(options.VocabularyPath)), isOfFiles: true);

    /// <summary>Opens files that were saved by hash.</summary>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="ModelFormatException">A file is another one.</exception>
    public static SentenceEncoder OpenSame(SentenceEncoderOptions options, string modelHash, string vocabularyHash) => new(options,
        EncoderFile.ReadSame(options.ModelPath!, nameof(options.ModelPath), modelHash),
        EncoderFile.ReadSame(options.VocabularyPath!, nameof(options.VocabularyPath), vocabularyHash), isOfFiles: true);

    /// <summary>Opens an encoder that is in no file of its own.</summary>
    /// <exception cref="ModelFormatException">The bytes are no encoder.</exception>
    public static SentenceEncoder Open(SentenceEncoderOptions options, byte[] model, byte[] vocabulary) =>
        new(options, model, vocabulary, isOfFiles: false);

    /// <summary>The ONNX file, read again: as long as nobody saves it, its memory is that of the session alone.</summary>
    public byte[] ReadModel() => _model ?? EncoderFile.ReadSame(Options.ModelPath!, nameof(Options.ModelPath), ModelHash);

    /// <summary>The ids of a text's tokens.</summary>
    public long[] Tokens(ReadOnlySpan<char> text)
    {
        var tokens = _words.Encode(text, out var isCut);
        if (isCut)
            Interlocked.Increment(ref _cut);
        return tokens;
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="embeddings">Room for the embeddings, one after the other.</param>
    public void Embed(ReadOnlySpan<ReadOnlyMemory<char>> texts, Span<float> embeddings)
    {
        var tokens = new long[texts.Length][];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = Tokens(texts[i].Span);
        foreach (var same in Enumerable.Range(0, tokens.Length).GroupBy(i => tokens[i].Length))
        {
            foreach (var rows in same.Chunk(Math.Max(1, TokensAtOnce / same.Key)))
            {
                ThrowIfDisposed();
                _session.Run(Array.ConvertAll(rows, row => tokens[row]), rows, embeddings);
            }
        }
        if (Options.Normalize)
        {
            for (var i = 0; i < tokens.Length; i++)
                Normalize(embeddings.Slice(i * Dimension, Dimension));
        }
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(SentenceEmbeddingTransformer));

    public void Acquire()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _users++;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            if (--_users == 0)
                _session.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Release();
    }

    // As torch.nn.functional.normalize does.
    private static void Normalize(Span<float> embedding) =>
        TensorPrimitives.Divide(embedding, Math.Max(TensorPrimitives.Norm<float>(embedding), 1e-12f), embedding);
}
