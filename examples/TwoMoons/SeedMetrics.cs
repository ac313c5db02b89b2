using System.Text.Json;

namespace TwoMoons;

/// <summary>The figures of one method and seed, as they stand in metrics.json.</summary>
internal sealed record SeedMetrics
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    public required string Method { get; init; }

    public required int Seed { get; init; }

    public required double Accuracy { get; init; }

    public required double LogLoss { get; init; }

    public required double Ece { get; init; }

    public required double Brier { get; init; }

    public required double AurocVariance { get; init; }

    public required double AurocUncertainty { get; init; }

    public required double MeanVarianceTrain { get; init; }

    public required double MeanVarianceOutOfDomain { get; init; }

    public required double OnnxMaxDifference { get; init; }

    public required double TrainSeconds { get; init; }

    public required double ScoreGridSeconds { get; init; }

    public required long ModelBytes { get; init; }

    /// <summary>After calibration on 300 fresh points; null when nothing was calibrated.</summary>
    public CalibratedMetrics? Calibrated { get; init; }

    public static void Write(string path, IReadOnlyList<SeedMetrics> metrics)
        => File.WriteAllText(path, JsonSerializer.Serialize(metrics, Json) + "\n");
}
