namespace TwoMoons;

/// <summary>A point of the plane and the moon it lies on.</summary>
public sealed class MoonPoint
{
    public float X { get; set; }

    public float Y { get; set; }

    /// <summary>0 for the upper moon, 1 for the lower one; of no meaning for points that lie on neither.</summary>
    public int Label { get; set; }
}
