using Microsoft.ML.Data;

namespace BreastCancer;

/// <summary>One row of breast_cancer.csv.</summary>
public sealed class Tumor
{
    /// <summary>0 malignant, 1 benign.</summary>
    [LoadColumn(0)]
    public int Label { get; set; }

    [LoadColumn(1, 30), VectorType(30)]
    public float[] Features { get; set; } = [];
}

/// <summary>What the model says about a row. Keys count from 1: 1 malignant, 2 benign.</summary>
public sealed class Diagnosis
{
    public uint Label { get; set; }

    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float Variance { get; set; }

    public float Uncertainty { get; set; }
}
