using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>How right the predictions of a classifier are, and how far its probabilities can be trusted.</summary>
/// <remarks>
/// <para>A row's prediction is the class with the largest probability (the first of them on a tie), its confidence
/// that probability. Rows whose label is missing are left out and counted in <see cref="SkippedRowCount"/>, rows without
/// a score in <see cref="UnscoredRowCount"/>.</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class UncertaintyMetrics
{
    /// <summary>Probabilities below this value are taken as this value in <see cref="LogLoss"/>, as ML.NET does.</summary>
    public const double LogLossEpsilon = 1e-15;

    internal UncertaintyMetrics(ScoredRows rows, int numberOfBins, SetMetrics? sets = null)
    {
        PredictionSets = sets;
        Count = rows.Count;
        SkippedRowCount = rows.SkippedRowCount;
        UnscoredRowCount = rows.UnscoredRowCount;
        var confidences = new double[rows.Count];
        var correct = new bool[rows.Count];
        double logLoss = 0, brier = 0, confidenceSum = 0;
        int numberCorrect = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            ReadOnlySpan<double> probabilities = rows.Probabilities(i);
            int predicted = RowScores.ArgMax(probabilities);
            confidences[i] = probabilities[predicted];
            correct[i] = predicted == rows.Label(i);
            numberCorrect += correct[i] ? 1 : 0;
            confidenceSum += confidences[i];
            logLoss += RowScores.LogLoss(probabilities, rows.Label(i));
            brier += RowScores.Brier(probabilities, rows.Label(i));
        }

        Accuracy = (double)numberCorrect / Count;
        LogLoss = logLoss / Count;
        BrierScore = brier / Count;
        MeanConfidence = confidenceSum / Count;
        ReliabilityDiagram = CalibrationBins.EqualWidth(confidences, correct, numberOfBins);
        EqualMassReliabilityDiagram = CalibrationBins.EqualMass(confidences, correct, numberOfBins);
        RiskCoverage = RiskCoverage.Compute(rows.Uncertainties(), correct);
    }

    /// <summary>The number of rows that the metrics are taken over.</summary>
    public int Count { get; }

    /// <summary>The number of rows left out because their label is missing, or was not seen in training.</summary>
    public int SkippedRowCount { get; }

    /// <summary>
    /// The number of rows with a label left out because a probability, or the uncertainty that orders them, is NaN, as it is
    /// where a feature is missing.
    /// </summary>
    public int UnscoredRowCount { get; }

    /// <summary>The share of rows whose most probable class is the label. 0 to 1; higher is better.</summary>
    public double Accuracy { get; }

    /// <summary>
    /// Mean of −ln p(label), in nats, with p clipped from below at <see cref="LogLossEpsilon"/> so that a single
    /// p = 0 does not make it infinite (it costs 34.5). 0 or more; lower is better; ln K is chance over K classes.
    /// </summary>
    public double LogLoss { get; }

    /// <summary>
    /// Brier score, as Brier (1950) defines it: mean over rows of Σₖ (pₖ − yₖ)², yₖ = 1 for the label and 0 otherwise.
    /// 0 to 2; lower is better. With two classes it is twice the mean of (p₁ − y)², the form that is often used there.
    /// </summary>
    public double BrierScore { get; }

    /// <summary>The mean winning probability, 1/K to 1. Equals <see cref="Accuracy"/> when calibrated on the whole.</summary>
    public double MeanConfidence { get; }

    /// <summary>
    /// Expected calibration error over equal-width bins: Σ_b (n_b / n)·|accuracy_b − confidence_b|.
    /// 0 to 1; lower is better.
    /// </summary>
    public double ExpectedCalibrationError => ReliabilityDiagram.ExpectedCalibrationError;

    /// <summary>
    /// Maximum calibration error over equal-width bins: the largest |accuracy_b − confidence_b| of a bin with rows.
    /// 0 to 1; lower is better.
    /// </summary>
    public double MaximumCalibrationError => ReliabilityDiagram.MaximumCalibrationError;

    /// <summary>
    /// Expected calibration error over bins of equal numbers of rows (Nguyen and O'Connor, 2015), which leaves no
    /// bin nearly empty. 0 to 1; lower is better.
    /// </summary>
    public double EqualMassExpectedCalibrationError => EqualMassReliabilityDiagram.ExpectedCalibrationError;

    /// <summary>Maximum calibration error over bins of equal numbers of rows. 0 to 1; lower is better.</summary>
    public double EqualMassMaximumCalibrationError => EqualMassReliabilityDiagram.MaximumCalibrationError;

    /// <summary>
    /// Area under the risk-coverage curve: the mean error rate among the i least uncertain rows, over all i.
    /// 0 to 1; lower is better.
    /// </summary>
    public double AreaUnderRiskCoverageCurve => RiskCoverage.Area;

    /// <summary>Confidence against accuracy in bins (i/n, (i+1)/n].</summary>
    public ReliabilityDiagram ReliabilityDiagram { get; }

    /// <summary>Confidence against accuracy in bins that hold as equal a number of rows as ties allow.</summary>
    public ReliabilityDiagram EqualMassReliabilityDiagram { get; }

    /// <summary>How often the sets of <c>ConformalSets</c> hold the label; <see langword="null"/> where the data has none.</summary>
    public SetMetrics? PredictionSets { get; }

    /// <summary>Error rate against the share of rows answered, from the least uncertain row on.</summary>
    public RiskCoverage RiskCoverage { get; }
}
