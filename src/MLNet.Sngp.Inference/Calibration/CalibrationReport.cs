namespace MLNet.Sngp;

/// <summary>What a calibration chose and what it gained on the validation rows. Immutable.</summary>
/// <remarks>
/// The gain is measured on the rows that the choice was fitted to, so it is a little optimistic; judge a model on rows that neither
/// training nor calibration saw.
/// </remarks>
public sealed record CalibrationReport
{
    internal CalibrationReport()
    {
    }

    /// <summary>T, by which logits are divided; above 0, without unit.</summary>
    public required double Temperature { get; init; }

    /// <summary>
    /// λ of the mean-field adjustment; at least 0, without unit. <see langword="null"/> when the method has no such adjustment.
    /// </summary>
    public required double? MeanFieldFactor { get; init; }

    /// <summary>Mean of −ln p(label) in nats before the calibration; at least 0, lower is better.</summary>
    public required double LogLossBefore { get; init; }

    /// <summary>Mean of −ln p(label) in nats after the calibration; at least 0, lower is better.</summary>
    public required double LogLossAfter { get; init; }

    /// <summary>Expected calibration error over 15 bins of equal width before the calibration; 0 to 1, lower is better.</summary>
    public required double ExpectedCalibrationErrorBefore { get; init; }

    /// <summary>Expected calibration error over 15 bins of equal width after the calibration; 0 to 1, lower is better.</summary>
    public required double ExpectedCalibrationErrorAfter { get; init; }

    /// <summary>The number of validation rows that the calibration rests on.</summary>
    public required int NumberOfRows { get; init; }

    /// <summary>The number of rows left out because their label is missing, or was not seen in training.</summary>
    public required int SkippedRowCount { get; init; }

    /// <summary>The number of rows left out because a feature is NaN or infinite, though they have a label.</summary>
    public required int UnscoredRowCount { get; init; }
}
