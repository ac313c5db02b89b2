namespace MLNet.Sngp.Data;

/// <summary>The rows of a training table in memory. The arrays may be longer than the table.</summary>
internal sealed class TrainingTable
{
    /// <param name="numberOfFeatures">d.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="hasWeights">Whether rows carry example weights.</param>
    /// <param name="capacity">How many rows to make room for.</param>
    public TrainingTable(int numberOfFeatures, int numberOfClasses, bool hasWeights, long capacity)
    {
        NumberOfFeatures = numberOfFeatures;
        NumberOfClasses = numberOfClasses;
        var rows = Check(capacity);
        Features = GC.AllocateUninitializedArray<float>(rows * numberOfFeatures, pinned: true);
        Labels = new long[rows];
        Weights = hasWeights ? new float[rows] : null;
    }

    public ClassificationTask Task { get; init; }

    public int NumberOfFeatures { get; }

    public int NumberOfClasses { get; }

    public int NumberOfRows { get; private set; }

    /// <summary>Row after row of d features.</summary>
    public float[] Features { get; private set; }

    /// <summary>Classes from 0.</summary>
    public long[] Labels { get; private set; }

    /// <summary>Example weights; null when all rows weigh 1.</summary>
    public float[]? Weights { get; private set; }

    /// <summary>Where the features of the next row belong; room is made when the table turns out longer than announced.</summary>
    public Span<float> NextRow()
    {
        if (NumberOfRows == Labels.Length)
            Grow(Check(Math.Max(16, Labels.LongLength * 2)));
        return Features.AsSpan(NumberOfRows * NumberOfFeatures, NumberOfFeatures);
    }

    /// <summary>Keeps the row whose features were written to <see cref="NextRow"/>.</summary>
    public void Keep(long label, float weight)
    {
        Labels[NumberOfRows] = label;
        if (Weights != null)
            Weights[NumberOfRows] = weight;
        NumberOfRows++;
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
