namespace MLNet.Sngp;

/// <summary>
/// How far the winning probability can be taken at its word: rows are put into bins by confidence
/// (the largest probability of the row), and each bin's accuracy is set against its mean confidence.
/// </summary>
/// <remarks>
/// <para>Source: DeGroot and Fienberg (1983); Niculescu-Mizil and Caruana (2005); for expected and maximum
/// calibration error Naeini, Cooper, Hauskrecht (2015) and Guo et al. (arXiv 1706.04599), eqs. 3 and 5.</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class ReliabilityDiagram
{
    internal ReliabilityDiagram(IReadOnlyList<ReliabilityBin> bins)
    {
        Bins = bins;
        double weightedGap = 0;
        long total = 0;
        foreach (ReliabilityBin bin in bins)
        {
            weightedGap += bin.Count * bin.Gap;
            MaximumCalibrationError = Math.Max(MaximumCalibrationError, bin.Gap);
            total += bin.Count;
        }

        ExpectedCalibrationError = weightedGap / total;
    }

    /// <summary>The bins from low to high confidence. Equal-width bins may be empty; equal-mass bins are not.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>
    /// Expected calibration error: Σ_b (n_b / n)·|accuracy_b − confidence_b|. 0 (calibrated) to 1; lower is better.
    /// Depends on the binning, and is biased upwards when bins hold few rows.
    /// </summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>
    /// Maximum calibration error: max_b |accuracy_b − confidence_b| over the bins that hold rows.
    /// 0 to 1; lower is better. A bin with a single row counts as much as any other.
    /// </summary>
    public double MaximumCalibrationError { get; }
}
