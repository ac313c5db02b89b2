using System.Globalization;
using Microsoft.ML;

namespace MLNet.Sngp.Data;

/// <summary>Looks, while a table is read, for features that are not centred and scaled: SNGP measures distances, and its first layer
/// expects features around 0 of size 1.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FeatureSpread(DataViewSchema.Column column, int numberOfFeatures)
{
    // All rows up to here, then fewer and fewer: some thousands of a million.
    private const int Dense = 500;
    private const int MostNamed = 3;

    // In units of a centred and scaled feature. An indicator that is nearly always 1 is not complained of, nor is a constant 1.
    private const double LargestMean = 3;
    private const double LargestDeviation = 10;

    private readonly double[] _first = new double[numberOfFeatures];
    private readonly double[] _sums = new double[numberOfFeatures];
    private readonly double[] _squares = new double[numberOfFeatures];
    private int _count;

    /// <summary>Takes the next row into account, or not.</summary>
    /// <param name="position">The row's, from 0.</param>
    /// <param name="features">Its d features.</param>
    public void Look(long position, ReadOnlySpan<float> features)
    {
        if (position % (1 + (position / Dense)) != 0)
            return;
        _count++;
        for (var i = 0; i < features.Length; i++)
        {
            // Differences from the first row: squares of large numbers would lose what is looked for.
            if (_count == 1)
                _first[i] = features[i];
            var difference = features[i] - _first[i];
            _sums[i] += difference;
            _squares[i] += difference * difference;
        }
    }

    /// <summary>What to tell the user; null where the features are as they should be.</summary>
    public string? Complaint()
    {
        int[] bad = [.. Enumerable.Range(0, _sums.Length).Where(i => IsBad(Mean(i), Deviation(i)))];
        if (bad.Length == 0)
            return null;
        var some = string.Join("; ", bad.Take(MostNamed).Select(i => FormattableString.Invariant(
            $"{SlotNames.Describe(column, i)} has the mean {Mean(i):G4} and the standard deviation {Deviation(i):G4}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"{bad.Length} of the {_sums.Length} features in column '{column.Name}' are not centred or not scaled: "
            + $"{some}{(bad.Length > MostNamed ? "; …" : "")}. ")
            + $"Put NormalizeMeanVariance(\"{column.Name}\", fixZero: false) before the trainer: it measures distances between rows, and "
            + $"may learn little otherwise.";
    }

    private static bool IsBad(double mean, double deviation) =>
        deviation > LargestDeviation || (Math.Abs(mean) > LargestMean && Math.Abs(mean) > LargestMean * deviation);

    private double Mean(int i) => _count == 0 ? 0 : _first[i] + (_sums[i] / _count);

    private double Deviation(int i) => _count == 0 ? 0 : Math.Sqrt(Math.Max(0, (_squares[i] / _count) - Math.Pow(_sums[i] / _count, 2)));
}
