using Microsoft.ML.Data;

namespace SaveAndServe;

/// <summary>One row of the table.</summary>
public sealed class Tumor
{
    /// <summary>0 malignant, 1 benign.</summary>
    [LoadColumn(0)]
    public int Label { get; set; }

    [LoadColumn(1, 30), VectorType(30)]
    public float[] Features { get; set; } = [];
}
