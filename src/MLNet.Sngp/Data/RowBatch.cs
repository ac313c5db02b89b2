using System.Globalization;

namespace MLNet.Sngp.Data;

/// <summary>Pinned room for some rows, filled again and again. Not thread-safe.</summary>
internal sealed class RowBatch
{
    // With more, a pass that computes a thousand features a row takes longer and tens of megabytes more.
    private const int MostRows = 256;
    private const int MostNumbers = 1 << 20;

    public RowBatch(RowSource rows, int capacity)
    {
        Capacity = capacity;
        NumberOfFeatures = rows.NumberOfFeatures;
        Features = new AlignedArray<float>(Length(capacity, NumberOfFeatures));
        Labels = new AlignedArray<float>(capacity);
        Weights = rows.HasWeights ? new AlignedArray<float>(capacity) : null;
    }

    public int Capacity { get; }

    public int NumberOfFeatures { get; }

    /// <summary>Row after row of d features.</summary>
    public AlignedArray<float> Features { get; }

    /// <summary>Classes from 0, or numbers.</summary>
    public AlignedArray<float> Labels { get; }

    /// <summary>Example weights; null when all rows weigh 1.</summary>
    public AlignedArray<float>? Weights { get; }

    /// <summary>How many rows of so many features to take at a time where any number serves: a few megabytes.</summary>
    public static int RowsFor(int numberOfFeatures) => Math.Clamp(MostNumbers / numberOfFeatures, 1, MostRows);

    /// <summary>Where the features of a row belong.</summary>
    public Span<float> FeaturesOf(int position) => Features.Span.Slice(position * NumberOfFeatures, NumberOfFeatures);

    /// <summary>Sets what belongs to the features of a row.</summary>
    public void SetLabel(int position, float label, float weight)
    {
        Labels[position] = label;
        if (Weights != null)
            Weights[position] = weight;
    }

    private static int Length(int rows, int numberOfFeatures) => (long)rows * numberOfFeatures <= Array.MaxLength - 64
        ? rows * numberOfFeatures
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
        $"A batch of {rows} rows of {numberOfFeatures} features is more than fits in one array. Lower {nameof(TrainingOptions.BatchSize)}, "
        + $"or use fewer features."));
}
