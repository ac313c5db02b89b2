using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Evaluation;

/// <summary>A row as a scored data view holds it.</summary>
internal sealed class ScoredRow
{
    /// <summary>From 0, as ML.NET takes keys from objects; 2 and above is missing.</summary>
    [KeyType(2)]
    public uint Label { get; set; }

    [KeyType(2)]
    public uint PredictedLabel { get; set; }

    [VectorType(2)]
    public float[] Score { get; set; } = [];

    public float Uncertainty { get; set; }

    public float Variance { get; set; }

    [VectorType(2)]
    public double[] VariancePerClass { get; set; } = [];

    public string Text { get; set; } = "";

    /// <summary>A row with the probability of the second class; a label of 1 or 2, or 0 for a missing one.</summary>
    public static ScoredRow Of(uint label, float second, float variance = 0) => new()
    {
        Label = label == 0 ? uint.MaxValue : label - 1,
        PredictedLabel = second > 0.5f ? 1u : 0,
        Score = [1 - second, second],
        Uncertainty = (float)MeanField.NormalizedEntropy([1 - second, second]),
        Variance = variance,
        VariancePerClass = [variance, 3 * variance],
    };

    public static IDataView View(MLContext ml, params ScoredRow[] rows) => ml.Data.LoadFromEnumerable(rows);
}
