namespace TwoMoons;

/// <summary>From 0 (dark violet) over green to 1 (yellow), even to the eye: viridis, from ten of its colours.</summary>
internal static class ColorMap
{
    private static readonly int[] Anchors =
    [
        0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725,
    ];

    /// <summary>256 colours as red, green and blue bytes: the palette of an indexed image.</summary>
    public static byte[] Palette()
    {
        var palette = new byte[256 * 3];
        for (int i = 0; i < 256; i++)
        {
            double position = i / 255.0 * (Anchors.Length - 1);
            int below = Math.Min((int)position, Anchors.Length - 2);
            for (int channel = 0; channel < 3; channel++)
            {
                int shift = 16 - 8 * channel;
                int from = (Anchors[below] >> shift) & 0xFF, to = (Anchors[below + 1] >> shift) & 0xFF;
                palette[3 * i + channel] = (byte)Math.Round(from + (to - from) * (position - below));
            }
        }

        return palette;
    }

    /// <summary>The palette's index for a value; values outside [0, 1] take the outermost colour.</summary>
    public static byte Index(double value) => (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
}
