namespace TwoMoons;

/// <summary>What calibration chose for one method and seed and what it gained on the test points.</summary>
/// <remarks>The mean-field factor is null for a method without a posterior.</remarks>
internal sealed record CalibratedMetrics(
    double Temperature,
    double? MeanFieldFactor,
    double LogLoss,
    double Ece,
    double AurocUncertainty,
    double MeanUncertaintyOutOfDomain);
