using System.Text.Json;

namespace MLNet.Sngp.Tests.Evaluation;

/// <summary>Inputs and expected numbers of an independent program, from Reference/metrics.json.</summary>
internal sealed record ReferenceMetrics(
    double[] Prob1,
    int[] Y,
    ReferenceMetrics.Classification Expected,
    double[] ScoreIn,
    double[] ScoreOut,
    ReferenceMetrics.Detection ExpectedDetection)
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static ReferenceMetrics Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Reference", "metrics.json");
        return JsonSerializer.Deserialize<ReferenceMetrics>(File.ReadAllText(path), SnakeCase)!;
    }

    internal sealed record Classification(double Acc, double Nll, double Ece, double Brier, double MeanConf);

    internal sealed record Detection(double Auroc, double Aupr);
}
