using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Text;

/// <summary>Embeds the texts of a column for the cursors.</summary>
internal sealed class TextScorer(string outputColumnName, string inputColumnName, SentenceEncoder encoder) : RowScorer
{
    // Enough texts that several are of a length, few enough that the threads end together.
    private const int RowsInABatch = 128;

    public override IReadOnlyList<OutputColumn> Outputs { get; } =
        [new OutputColumn(outputColumnName, ColumnKind.Single, encoder.Dimension, IsVector: true)];

    public override int ReadAhead => encoder.Options.NumberOfThreads ?? base.ReadAhead;

    public override ScoredSchema AddTo(DataViewSchema input)
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, encoder.Dimension);
        return new ScoredSchema(
            input, TextColumn.Find(input, inputColumnName), [new DataViewSchema.DetachedColumn(outputColumnName, type)], isMarked: false);
    }

    public override int Capacity(IReadOnlyList<OutputColumn> outputs) => RowsInABatch;

    public override InputReader CreateReader(DataViewRow input, DataViewSchema.Column column) => new TextReader(input, column);

    public override RowBuffers CreateBuffers(IReadOnlyList<OutputColumn> outputs, int rows) => new TextBuffers(encoder, rows);
}

/// <summary>Reads texts.</summary>
internal sealed class TextReader(DataViewRow row, DataViewSchema.Column column) : InputReader(row)
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _getter = row.GetGetter<ReadOnlyMemory<char>>(column);
    private ReadOnlyMemory<char> _text;

    public override void Read() => _getter(ref _text);

    public override void CopyTo(RowBuffers buffers, int row) => ((TextBuffers)buffers).Texts[row] = _text;
}

/// <summary>Some texts and their embeddings.</summary>
internal sealed class TextBuffers : RowBuffers
{
    private readonly SentenceEncoder _encoder;
    private readonly float[] _embeddings;
    private bool _disposed;

    public TextBuffers(SentenceEncoder encoder, int capacity)
        : base(capacity)
    {
        _encoder = encoder;
        Texts = new ReadOnlyMemory<char>[capacity];
        _embeddings = new float[checked(capacity * encoder.Dimension)];
        encoder.Acquire();
    }

    public ReadOnlyMemory<char>[] Texts { get; }

    public override void Run(int rows)
    {
        _encoder.ThrowIfDisposed();
        _encoder.Embed(Texts.AsSpan(0, rows), _embeddings);
    }

    public override T[] Results<T>(int output) => (T[])(Array)_embeddings;

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _encoder.Release();
    }
}
