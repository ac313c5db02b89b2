namespace Intents;

/// <summary>What the pipeline says about a sentence.</summary>
public sealed class Answer
{
    public string Intent { get; set; } = "";

    public float[] Score { get; set; } = [];

    /// <summary>A p-value: of sentences in scope as few as this are at least as strange.</summary>
    public float Novelty { get; set; }

    public bool IsNovel { get; set; }
}
