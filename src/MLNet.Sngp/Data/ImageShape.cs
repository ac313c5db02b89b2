namespace MLNet.Sngp.Data;

/// <summary>The dimensions of images in a feature column.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="IsInterleaved">Whether the column holds H by W by C, the colours of a pixel side by side, instead of C by H by W.</param>
internal sealed record ImageShape(long Channels, long Height, long Width, bool IsInterleaved)
{
    // Red, green, blue and alpha: images are longer than that.
    private const int MostColors = 4;

    /// <summary>Reads the dimensions of a row; null where they are not three. Interleaved are those whose last is at most 4 and whose first
    /// is more.</summary>
    public static ImageShape? Of(long[] rowShape) => rowShape switch
    {
        [> MostColors, var width, <= MostColors] => new(rowShape[2], rowShape[0], width, true),
        [var channels, var height, var width] => new(channels, height, width, false),
        _ => null,
    };

    /// <summary>H·W.</summary>
    public int Pixels => (int)(Height * Width);

    /// <summary>The number of the first value of a channel, and how far its values are apart.</summary>
    public (int Start, int Stride) Places(int channel) => IsInterleaved ? (channel, (int)Channels) : (channel * Pixels, 1);
}
