namespace MLNet.Sngp.Evaluation;

/// <summary>Probabilities, labels and, optionally, an uncertainty of scored rows. Grows row by row.</summary>
internal sealed class ScoredRows
{
    // Single precision scores of many classes sum to 1 within about K·1e-7; logits do not come near.
    private const double SumTolerance = 1e-3;

    private readonly List<double> _probabilities = [];
    private readonly List<int> _labels = [];
    private readonly List<double>? _uncertainties;

    public ScoredRows(int classCount, bool withUncertainties = false)
    {
        if (classCount < 1)
            throw new ArgumentOutOfRangeException(nameof(classCount), classCount, "At least one class is needed.");
        ClassCount = classCount;
        _uncertainties = withUncertainties ? [] : null;
    }

    public int ClassCount { get; }

    public int Count => _labels.Count;

    /// <summary>The number of rows left out because their label is missing.</summary>
    public int SkippedRowCount { get; private set; }

    /// <summary>The number of rows left out because a probability or the uncertainty is NaN.</summary>
    public int UnscoredRowCount { get; private set; }

    public ReadOnlySpan<double> Probabilities(int row)
        => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_probabilities)
            .Slice(row * ClassCount, ClassCount);

    public int Label(int row) => _labels[row];

    /// <summary>The uncertainties given, or the normalised entropy of each row's probabilities.</summary>
    public double[] Uncertainties()
    {
        if (_uncertainties is not null)
            return [.. _uncertainties];
        var entropies = new double[Count];
        for (int i = 0; i < entropies.Length; i++)
            entropies[i] = MeanField.NormalizedEntropy(Probabilities(i));
        return entropies;
    }

    public void Skip() => SkippedRowCount++;

    /// <summary>Adds a row, or counts it as unscored.</summary>
    /// <exception cref="ArgumentException">The values are no probabilities; the message says why.</exception>
    public void Add(ReadOnlySpan<double> probabilities, int label, double uncertainty = double.NaN)
    {
        if (probabilities.Length != ClassCount)
            throw new ArgumentException($"{probabilities.Length} probabilities were given for {ClassCount} classes.");
        if ((uint)label >= (uint)ClassCount)
            throw new ArgumentException($"The label {label} lies outside 0 to {ClassCount - 1}.");
        if (probabilities.IndexOf(double.NaN) >= 0 || (_uncertainties is not null && double.IsNaN(uncertainty)))
        {
            UnscoredRowCount++;
            return;
        }

        double sum = 0;
        foreach (double p in probabilities)
        {
            if (!(p >= -SumTolerance && p <= 1 + SumTolerance))
                throw new ArgumentException(FormattableString.Invariant($"{p} is not a probability."));
            sum += p;
        }

        if (Math.Abs(sum - 1) > SumTolerance)
            throw new ArgumentException(FormattableString.Invariant($"the probabilities sum to {sum} instead of 1."));
        _probabilities.AddRange(probabilities);
        _labels.Add(label);
        _uncertainties?.Add(uncertainty);
    }
}
