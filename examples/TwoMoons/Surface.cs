namespace TwoMoons;

/// <summary>Values on the grid, drawn as an image.</summary>
internal sealed class Surface(IReadOnlyList<double> values)
{
    private const int Size = MoonsData.GridSize;

    /// <summary>A PNG whose corners are the grid's corner points, smoothly interpolated between the points.</summary>
    public byte[] ToPng(int width, int height)
    {
        var indices = new byte[width * height];
        for (int row = 0; row < height; row++)
        {
            double gridY = (double)(height - 1 - row) / (height - 1) * (Size - 1);
            for (int column = 0; column < width; column++)
            {
                double gridX = (double)column / (width - 1) * (Size - 1);
                indices[row * width + column] = ColorMap.Index(Interpolate(gridX, gridY));
            }
        }

        return PngEncoder.Encode(indices, width, ColorMap.Palette());
    }

    /// <summary>Bicubic (Catmull-Rom): passes through the grid's values; the border repeats outwards.</summary>
    private double Interpolate(double x, double y)
    {
        int column = Math.Min((int)x, Size - 2), row = Math.Min((int)y, Size - 2);
        Span<double> across = stackalloc double[4], up = stackalloc double[4];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
                across[j] = At(column + j - 1, row + i - 1);
            up[i] = Cubic(across, x - column);
        }

        return Cubic(up, y - row);
    }

    private double At(int column, int row)
        => values[Math.Clamp(row, 0, Size - 1) * Size + Math.Clamp(column, 0, Size - 1)];

    private static double Cubic(ReadOnlySpan<double> p, double t)
        => p[1] + 0.5 * t * (p[2] - p[0]
            + t * (2 * p[0] - 5 * p[1] + 4 * p[2] - p[3] + t * (3 * (p[1] - p[2]) + p[3] - p[0])));
}
