using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TwoMoons;

/// <summary>Scores points with the exported file and ONNX Runtime alone, as a service without ML.NET would.</summary>
internal static class OnnxScorer
{
    /// <summary>The largest difference of a probability, a logit or a variance from what ML.NET gave.</summary>
    public static double LargestDifference(
        string onnxPath, IReadOnlyList<MoonPoint> points, IReadOnlyList<ScoredPoint> scored)
    {
        var features = new DenseTensor<float>([points.Count, 2]);
        for (int i = 0; i < points.Count; i++)
        {
            features[i, 0] = points[i].X;
            features[i, 1] = points[i].Y;
        }

        using var session = new InferenceSession(onnxPath);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("Features", features)]);
        return new[]
        {
            Difference("Score", scored.SelectMany(point => point.Score)),
            Difference("Logits", scored.SelectMany(point => point.Logits)),
            Difference("Variance", scored.Select(point => point.Variance)),
            Difference("EnsembleVariance", scored.Select(point => point.EnsembleVariance)),
        }.Aggregate(0.0, Math.Max);

        double Difference(string output, IEnumerable<float> expected)
        {
            // A method has the variances that it knows.
            if (outputs.SingleOrDefault(value => value.Name == output) is not { } column)
                return 0;
            float[] actual = column.AsTensor<float>().ToArray();
            float[] other = expected.ToArray();
            if (actual.Length != other.Length)
                throw new InvalidOperationException($"'{output}' has {actual.Length} values, ML.NET gave {other.Length}.");
            // NaN must not pass for a small difference, which Math.Max takes care of.
            return actual.Zip(other, (a, b) => Math.Abs((double)a - b)).Aggregate(0.0, Math.Max);
        }
    }
}
