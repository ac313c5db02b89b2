using Microsoft.ML.Data;

namespace TwoMoons;

/// <summary>What a model says about a point: columns of the scored data.</summary>
public sealed class ScoredPoint
{
    /// <summary>The probability of each class.</summary>
    [VectorType(2)]
    public float[] Score { get; set; } = [];

    /// <summary>The posterior variance of the logits; 0 for a method that has none.</summary>
    public float Variance { get; set; }

    /// <summary>The variance of the probabilities over members or passes; 0 for a single network.</summary>
    public float EnsembleVariance { get; set; }

    /// <summary>The variance that the method's uncertainty rests on.</summary>
    public float OwnVariance() => Variance > 0 ? Variance : EnsembleVariance;

    /// <summary>The logits before the mean-field adjustment.</summary>
    [VectorType(2)]
    public float[] Logits { get; set; } = [];

    /// <summary>
    /// p₀·p₁, the tutorial's p(1 − p): as a product of both probabilities it stays exact where one of them is near 1.
    /// </summary>
    public double BernoulliVariance() => (double)Score[0] * Score[1];
}
