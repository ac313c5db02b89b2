namespace MLNet.Sngp;

/// <summary>
/// What happens when every row whose uncertainty is at most <see cref="Threshold"/> is answered
/// and every other row is handed over.
/// </summary>
/// <remarks>Immutable.</remarks>
public readonly struct RiskCoveragePoint
{
    internal RiskCoveragePoint(double threshold, double coverage, double risk)
    {
        Threshold = threshold;
        Coverage = coverage;
        Risk = risk;
    }

    /// <summary>The largest uncertainty that is still answered.</summary>
    public double Threshold { get; }

    /// <summary>The share of rows that are answered, above 0 to 1.</summary>
    public double Coverage { get; }

    /// <summary>The share of wrong answers among the answered rows, 0 to 1; lower is better.</summary>
    public double Risk { get; }
}
