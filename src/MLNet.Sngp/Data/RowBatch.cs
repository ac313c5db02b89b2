namespace MLNet.Sngp.Data;

/// <summary>Pinned room for some rows, filled again and again. Not thread-safe.</summary>
internal sealed class RowBatch
{
    public RowBatch(RowSource rows, int capacity)
    {
        Capacity = capacity;
        NumberOfFeatures = rows.NumberOfFeatures;
        Features = GC.AllocateUninitializedArray<float>(checked(capacity * NumberOfFeatures), pinned: true);
        Labels = GC.AllocateUninitializedArray<long>(capacity, pinned: true);
        Weights = rows.HasWeights ? GC.AllocateUninitializedArray<float>(capacity, pinned: true) : null;
    }

    public int Capacity { get; }

    public int NumberOfFeatures { get; }

    /// <summary>Row after row of d features.</summary>
    public float[] Features { get; }

    /// <summary>Classes from 0.</summary>
    public long[] Labels { get; }

    /// <summary>Example weights; null when all rows weigh 1.</summary>
    public float[]? Weights { get; }

    /// <summary>Puts a row in.</summary>
    public void Set(int position, ReadOnlySpan<float> features, long label, float weight)
    {
        features.CopyTo(Features.AsSpan(position * NumberOfFeatures, NumberOfFeatures));
        Labels[position] = label;
        if (Weights != null)
            Weights[position] = weight;
    }
}
