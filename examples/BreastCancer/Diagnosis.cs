namespace BreastCancer;

/// <summary>What the model says about a row. Keys count from 1: 1 malignant, 2 benign.</summary>
public sealed class Diagnosis
{
    public uint Label { get; set; }

    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float Variance { get; set; }

    public float Uncertainty { get; set; }
}
