using System.Globalization;
using System.Numerics;

namespace MLNet.Sngp.Data;

/// <summary>The rows of a training table in memory.</summary>
/// <remarks>
/// They lie in chunks of about a megabyte: a table whose length is not known beforehand grows without a copy and
/// without room to spare, and no single array has to hold all of it.
/// </remarks>
internal sealed class TrainingTable : RowSource
{
    private const int NumbersInChunk = 1 << 18;
    private readonly List<Chunk> _chunks = [];
    private readonly int _shift;
    private readonly long _announced;
    private int[]? _spareOrder;
    private int _capacity;
    private int _count;

    /// <param name="numberOfFeatures">d.</param>
    /// <param name="hasWeights">Whether rows carry example weights.</param>
    /// <param name="announced">How many rows are expected; 0 where that is not known. There may be more or fewer.</param>
    public TrainingTable(int numberOfFeatures, bool hasWeights, long announced = 0)
        : base(numberOfFeatures, hasWeights)
    {
        // A power of two, so that a row is found by shifting.
        _shift = BitOperations.Log2((uint)Math.Max(1, NumbersInChunk / numberOfFeatures));
        _announced = announced;
    }

    public override long NumberOfRows => _count;

    public override bool IsInMemory => true;

    /// <summary>Where the features of the next row belong.</summary>
    public Span<float> NextRow()
    {
        if (_count == _capacity)
            MakeRoom();
        return FeaturesOf(_count);
    }

    /// <summary>Keeps the row whose features were written to <see cref="NextRow"/>.</summary>
    public void Keep(float label, float weight) => SetLabel(_count++, label, weight);

    /// <summary>The features of a row, to be read or written anew.</summary>
    public Span<float> FeaturesOf(int row) => _chunks[row >> _shift].Features.AsSpan(Within(row) * NumberOfFeatures, NumberOfFeatures);

    /// <summary>Sets what belongs to the features of a row.</summary>
    public void SetLabel(int row, float label, float weight)
    {
        var chunk = _chunks[row >> _shift];
        chunk.Labels[Within(row)] = label;
        if (chunk.Weights is { } weights)
            weights[Within(row)] = weight;
    }

    public float LabelOf(int row) => _chunks[row >> _shift].Labels[Within(row)];

    /// <summary>Copies a row into a batch.</summary>
    public void CopyTo(int row, RowBatch batch, int position)
    {
        var chunk = _chunks[row >> _shift];
        FeaturesOf(row).CopyTo(batch.FeaturesOf(position));
        batch.SetLabel(position, chunk.Labels[Within(row)], chunk.Weights is { } weights ? weights[Within(row)] : 1);
    }

    /// <summary>Takes a row out; the last one comes in its place.</summary>
    public void RemoveAt(int row)
    {
        var last = --_count;
        var chunk = _chunks[last >> _shift];
        FeaturesOf(last).CopyTo(FeaturesOf(row));
        SetLabel(row, chunk.Labels[Within(last)], chunk.Weights is { } weights ? weights[Within(last)] : 1);
    }

    /// <summary>Takes all rows out; their room is kept.</summary>
    public void Clear() => _count = 0;

    public override RowPass InOrder() => new TablePass(this, _count);

    public override RowPass Shuffled(int seed, int epoch)
    {
        var order = AllRows();
        new SeededRandom(seed, RandomPurpose.RowOrder, epoch).Shuffle(order.AsSpan(0, _count));
        return new TablePass(this, _count, order);
    }

    public override RowPass Sample(int count, int seed)
    {
        if (_count <= count)
            return InOrder();
        var order = AllRows();
        new SeededRandom(seed, RandomPurpose.KernelScale).Shuffle(order.AsSpan(0, _count));
        return new TablePass(this, count, order);
    }

    /// <summary>Takes back the order that a pass is done with, for the next one.</summary>
    internal void Return(int[] order) => _spareOrder = order;

    private int[] AllRows()
    {
        var rows = Interlocked.Exchange(ref _spareOrder, null);
        if (rows is null || rows.Length < _count)
            rows = GC.AllocateUninitializedArray<int>(_count);
        for (var i = 0; i < _count; i++)
            rows[i] = i;
        return rows;
    }

    private int Within(int row) => row & ((1 << _shift) - 1);

    private void MakeRoom()
    {
        var most = 1 << _shift;
        if (_capacity > Array.MaxLength - most)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The training table has more rows than the {_count} that fit in memory as one table. Set "
                + $"{nameof(TrainingOptions.MaximumRowsInMemory)}, or train on fewer rows (TakeRows)."));
        var first = _capacity & ~(most - 1);
        var chunk = new Chunk(_announced > _capacity ? (int)Math.Min(_announced - first, most) : most, NumberOfFeatures, HasWeights);
        if (first != _capacity)
        {
            // More rows than announced.
            chunk.TakeFrom(_chunks[^1]);
            _chunks.RemoveAt(_chunks.Count - 1);
        }
        _chunks.Add(chunk);
        _capacity = first + chunk.Labels.Length;
    }

    private sealed class Chunk(int rows, int numberOfFeatures, bool hasWeights)
    {
        /// <summary>Row after row of d features.</summary>
        public float[] Features { get; } = GC.AllocateUninitializedArray<float>(rows * numberOfFeatures, pinned: true);

        /// <summary>Classes from 0, or numbers.</summary>
        public float[] Labels { get; } = GC.AllocateUninitializedArray<float>(rows);

        /// <summary>Example weights; null when all rows weigh 1.</summary>
        public float[]? Weights { get; } = hasWeights ? GC.AllocateUninitializedArray<float>(rows) : null;

        public void TakeFrom(Chunk shorter)
        {
            shorter.Features.CopyTo(Features, 0);
            shorter.Labels.CopyTo(Labels, 0);
            shorter.Weights?.CopyTo(Weights!, 0);
        }
    }
}
