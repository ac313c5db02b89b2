using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Verification;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>How far Variance and Score, as ML.NET gives them, lie from those of the same graph in double precision.</summary>
internal static class VerificationWork
{
    private const int MostPoints = 1000;

    /// <summary>A larger difference is an error, not a matter of precision.</summary>
    private const double Broken = 1e-3;

    public static Figure Run(WorkSettings settings)
    {
        var context = new MLContext(1);
        // Half of the points lie on the moons, where the variance is small, half anywhere in the plane.
        var moons = context.Data.CreateEnumerable<FeatureRow>(Tables.Moons(context), reuseRowObject: false);
        FeatureRow[] points = [.. moons.Take(MostPoints / 2), .. Tables.Points(MostPoints / 2)];
        var details = new Dictionary<string, double>();
        foreach (var model in (string[])[ScoredModels.Default, ScoredModels.Full])
        {
            var graph = new Float64Graph(File.ReadAllBytes(ScoredModels.Path(settings, model)));
            double[][][] reference = [.. points.AsParallel().AsOrdered().Select(point => graph.Run(point.Features, "Variance", "Score"))];
            Compare(context, settings, model, points, reference, details);
        }
        var worst = details.Values.Max();
        return worst < Broken
            ? new Figure(worst, "difference", details)
            : throw new InvalidOperationException(
            FormattableString.Invariant($"A score differs by {worst} from the reference in double precision."));
    }

    private static void Compare(MLContext context, WorkSettings settings, string model, FeatureRow[] points, double[][][] reference,
        Dictionary<string, double> details)
    {
        using var transformer = ScoredModels.Load(context, settings, model);
        var scored = transformer.Transform(Tables.Load(context, points, 2, 2));
        double variance = 0, score = 0;
        var row = 0;
        foreach (var prediction in context.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: true))
        {
            variance = Math.Max(variance, Math.Abs(prediction.Variance - reference[row][0][0]));
            for (var k = 0; k < reference[row][1].Length; k++)
                score = Math.Max(score, Math.Abs(prediction.Score.GetItemOrDefault(k) - reference[row][1][k]));
            row++;
        }
        details[model + "Variance"] = variance;
        details[model + "Score"] = score;
    }
}
