using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Data;

/// <summary>Looks at a sample of the rows for features that are not centred and scaled: SNGP measures distances, and its first layer expects features around 0 of size 1.</summary>
internal static class FeatureSpread
{
    private const int SampleSize = 500;
    private const int MostNamed = 3;

    // In units of a centred and scaled feature. An indicator that is nearly always 1 is not complained of, nor is a constant 1.
    private const double LargestMean = 3;
    private const double LargestDeviation = 10;

    /// <summary>What to tell the user; null where the sample is as it should be.</summary>
    /// <param name="rows">The training table.</param>
    /// <param name="column">The feature column; gives the slots' names.</param>
    /// <param name="seed">Chooses the sample.</param>
    public static string? Complaint(RowSource rows, DataViewSchema.Column column, int seed)
    {
        var (means, deviations) = Measure(rows, seed);
        int[] bad = [.. Enumerable.Range(0, means.Length).Where(i => deviations[i] > LargestDeviation || (Math.Abs(means[i]) > LargestMean && Math.Abs(means[i]) > LargestMean * deviations[i]))];
        if (bad.Length == 0)
            return null;
        var names = SlotNames(column);
        var some = string.Join("; ", bad.Take(MostNamed).Select(i => FormattableString.Invariant($"slot {i}{Name(names, i)} has the mean {means[i]:G4} and the standard deviation {deviations[i]:G4}")));
        return FormattableString.Invariant($"{bad.Length} of the {means.Length} features in column '{column.Name}' are not centred or not scaled: {some}{(bad.Length > MostNamed ? "; …" : "")}. ")
            + $"Put NormalizeMeanVariance(\"{column.Name}\", fixZero: false) before the trainer: it measures distances between rows, and may learn little otherwise.";
    }

    private static (double[] Means, double[] Deviations) Measure(RowSource rows, int seed)
    {
        var (sums, squares) = (new double[rows.NumberOfFeatures], new double[rows.NumberOfFeatures]);
        var first = new double[rows.NumberOfFeatures];
        var batch = new RowBatch(rows, (int)Math.Clamp((1 << 20) / (long)rows.NumberOfFeatures, 1, SampleSize));
        using var pass = rows.Sample(SampleSize, seed);
        var count = 0;
        for (int read; (read = pass.Read(batch)) > 0;)
        {
            for (var row = 0; row < read; row++, count++)
            {
                var features = batch.FeaturesOf(row);
                for (var i = 0; i < features.Length; i++)
                {
                    // Differences from the first row: squares of large numbers would lose what is looked for.
                    if (count == 0)
                        first[i] = features[i];
                    var difference = features[i] - first[i];
                    sums[i] += difference;
                    squares[i] += difference * difference;
                }
            }
        }
        double[] deviations = [.. sums.Select((sum, i) => Math.Sqrt(Math.Max(0, (squares[i] / count) - (sum / count * (sum / count)))))];
        return ([.. sums.Select((sum, i) => first[i] + (sum / count))], deviations);
    }

    private static VBuffer<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (column.HasSlotNames())
            column.GetSlotNames(ref names);
        return names;
    }

    private static string Name(VBuffer<ReadOnlyMemory<char>> names, int slot) =>
        slot < names.Length && names.GetItemOrDefault(slot) is { IsEmpty: false } name ? $" ('{name}')" : "";
}
