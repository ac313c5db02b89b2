namespace MLNet.Sngp.Data;

/// <summary>The rows of a training table in memory. The arrays may be longer than the table.</summary>
internal sealed class TrainingTable : RowSource
{
    private int _count;

    /// <param name="numberOfFeatures">d.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="hasWeights">Whether rows carry example weights.</param>
    /// <param name="capacity">How many rows to make room for.</param>
    public TrainingTable(int numberOfFeatures, int numberOfClasses, bool hasWeights, long capacity)
        : base(numberOfFeatures, numberOfClasses, hasWeights)
    {
        var rows = Check(capacity);
        Features = GC.AllocateUninitializedArray<float>(rows * numberOfFeatures, pinned: true);
        Labels = new long[rows];
        Weights = hasWeights ? new float[rows] : null;
    }

    public override long NumberOfRows => _count;

    /// <summary>Row after row of d features.</summary>
    public float[] Features { get; private set; }

    /// <summary>Classes from 0.</summary>
    public long[] Labels { get; private set; }

    /// <summary>Example weights; null when all rows weigh 1.</summary>
    public float[]? Weights { get; private set; }

    /// <summary>Where the features of the next row belong; room is made when the table turns out longer than announced.</summary>
    public Span<float> NextRow()
    {
        if (_count == Labels.Length)
            Grow(Check(Math.Max(16, Labels.LongLength * 2)));
        return Features.AsSpan(_count * NumberOfFeatures, NumberOfFeatures);
    }

    /// <summary>Keeps the row whose features were written to <see cref="NextRow"/>.</summary>
    public void Keep(long label, float weight)
    {
        Labels[_count] = label;
        if (Weights != null)
            Weights[_count] = weight;
        _count++;
    }

    public ReadOnlySpan<float> FeaturesOf(int row) => Features.AsSpan(row * NumberOfFeatures, NumberOfFeatures);

    public override RowPass InOrder() => new TablePass(this, order: null);

    public override RowPass Shuffled(int seed, int epoch)
    {
        var order = AllRows();
        new SeededRandom(seed, RandomPurpose.RowOrder, epoch).Shuffle<int>(order);
        return new TablePass(this, order);
    }

    public override RowPass Sample(int count, int seed)
    {
        if (_count <= count)
            return InOrder();
        var order = AllRows();
        new SeededRandom(seed, RandomPurpose.KernelScale).Shuffle<int>(order);
        return new TablePass(this, order[..count]);
    }

    private int[] AllRows()
    {
        var rows = new int[_count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i;
        return rows;
    }

    private void Grow(int rows)
    {
        var features = GC.AllocateUninitializedArray<float>(rows * NumberOfFeatures, pinned: true);
        Features.CopyTo(features, 0);
        Features = features;
        Labels = [.. Labels, .. new long[rows - Labels.Length]];
        Weights = Weights is null ? null : [.. Weights, .. new float[rows - Weights.Length]];
    }

    private int Check(long rows) => rows * NumberOfFeatures <= Array.MaxLength
        ? (int)rows
        : throw new InvalidOperationException(FormattableString.Invariant($"{rows} rows of {NumberOfFeatures} features do not fit in memory as one table of at most {Array.MaxLength} values. Train on fewer rows (TakeRows) or features."));
}
