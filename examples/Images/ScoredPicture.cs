namespace Images;

/// <summary>What a model says of an image.</summary>
internal sealed class ScoredPicture
{
    /// <inheritdoc cref="Picture.Pixels"/>
    public float[] Pixels { get; set; } = [];

    /// <inheritdoc cref="Picture.Label"/>
    public string Label { get; set; } = "";

    /// <summary>The class that the model takes it for.</summary>
    public string Class { get; set; } = "";

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>1 minus the largest probability.</summary>
    public float Uncertainty { get; set; }
}
