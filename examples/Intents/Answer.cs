namespace Intents;

/// <summary>What the pipeline says about a sentence.</summary>
public sealed class Answer
{
    public string Intent { get; set; } = "";

    public float[] Score { get; set; } = [];

    public float Variance { get; set; }
}
