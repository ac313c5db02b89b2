namespace MLNet.Sngp;

/// <summary>What <c>mlContext.Sngp().Decide(…)</c> fitted, and what it comes to on the validation rows. Immutable.</summary>
public sealed record DecisionReport
{
    internal DecisionReport()
    {
    }

    /// <summary>Rows with more than this in the column of uncertainty are undecided; <see langword="null"/> when no row is.</summary>
    public required float? MaximumUncertainty { get; init; }

    /// <summary>
    /// The false-alarm rate of novelty that the rows allowed, 0 to 1; <see langword="null"/> when novelty is off or its threshold was
    /// given.
    /// </summary>
    public required double? FalseAlarmRate { get; init; }

    /// <summary>The share of the valid validation rows that are answered, 0 to 1; higher is better. NaN without any.</summary>
    public required double Coverage { get; init; }

    /// <summary>The error rate among answered validation rows with a label, 0 to 1; lower is better. NaN where none has a label.</summary>
    public required double Risk { get; init; }

    /// <summary>
    /// The upper bound of the error rate of new answered rows at the confidence asked for, 0 to 1; <see langword="null"/> when no bound was
    /// asked for.
    /// </summary>
    public required double? RiskBound { get; init; }

    /// <summary>The number of validation rows that the thresholds rest on: those for which the model gives finite numbers.</summary>
    public required int NumberOfRows { get; init; }

    /// <summary>The number of those rows that are novel.</summary>
    public required int NovelRowCount { get; init; }

    /// <summary>The number of those rows that are undecided, and not novel.</summary>
    public required int UndecidedRowCount { get; init; }

    /// <summary>The number of validation rows for which the model gives NaN or infinity; they are handed over.</summary>
    public required int InvalidRowCount { get; init; }

    /// <summary>The number of rows without a label, or with one that training did not see; risk and its bound leave them out.</summary>
    public required int SkippedRowCount { get; init; }
}
