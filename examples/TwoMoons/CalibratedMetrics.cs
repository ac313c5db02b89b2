namespace TwoMoons;

/// <summary>What calibration chose for one seed and what it gained on the test points.</summary>
internal sealed record CalibratedMetrics(
    double Temperature,
    double MeanFieldFactor,
    double LogLoss,
    double Ece,
    double AurocUncertainty,
    double MeanUncertaintyOutOfDomain);
