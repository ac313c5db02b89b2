namespace Images;

/// <summary>One grey image with its class.</summary>
internal sealed class Picture
{
    /// <summary>Row by row from the top, 0 for the background.</summary>
    public float[] Pixels { get; set; } = [];

    /// <summary>The name of the class; of an image that belongs to none, that of any.</summary>
    public string Label { get; set; } = "";
}
