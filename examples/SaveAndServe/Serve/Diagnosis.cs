namespace SaveAndServe;

/// <summary>What the model says about a row.</summary>
public sealed class Diagnosis
{
    public float[] Score { get; set; } = [];

    public float Variance { get; set; }

    public uint PredictedLabel { get; set; }
}
