using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>How often each true class was predicted as each class. Rows are the truth, columns the prediction.</summary>
public sealed class ConfusionMatrix
{
    private readonly IReadOnlyList<ReadOnlyMemory<char>> _names;
    private readonly bool _binary;
    private string _table;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<ReadOnlyMemory<char>> names, bool binary)
    {
        _names = names;
        _binary = binary;
        NumberOfClasses = counts.Length;
        Counts = counts.Select(row => (IReadOnlyList<double>)row.ToArray()).ToArray();
        PerClassRecall = Enumerable.Range(0, counts.Length)
            .Select(i => Share(counts[i][i], counts[i].Sum())).ToImmutableArray();
        PerClassPrecision = Enumerable.Range(0, counts.Length)
            .Select(i => Share(counts[i][i], counts.Sum(row => row[i]))).ToImmutableArray();
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    internal IReadOnlyList<ReadOnlyMemory<char>> PredictedClassesIndicators => _names;

    public string GetFormattedConfusionTable() => _table ??= ConfusionTable.Format(this, _binary);

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckIndex(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckIndex(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private void CheckIndex(int index, string name)
    {
        if (index < 0 || index >= Counts.Count)
            throw new ArgumentOutOfRangeException(name, "Must be a class index: at least 0 and less than the number of classes.");
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
