namespace Images;

/// <summary>What a method came to, for one seed.</summary>
internal sealed record MethodMetrics(
    string Method,
    int Seed,
    double Accuracy,
    double LogLoss,
    double Ece,
    IReadOnlyDictionary<string, double> Auroc,
    IReadOnlyDictionary<string, double> AurocByUncertainty,
    double TrainSeconds);
