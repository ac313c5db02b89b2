namespace TwoMoons;

/// <summary>The tutorial's data: two interleaved half circles, a far cluster, and a grid over the plane.</summary>
internal static class MoonsData
{
    public const int PointsPerMoon = 500;
    public const int OutOfDomainPoints = 500;
    public const int ValidationPointsPerMoon = 150;
    public const int GridSize = 100;
    public const double MinX = -3.5, MaxX = 3.5, MinY = -2.5, MaxY = 2.5;

    private const double Noise = 0.1;

    // One stream of random numbers for each set, so that no set changes when another one does.
    private const int TrainStream = 1, TestStream = 2, OutOfDomainStream = 3, ValidationStream = 4;

    public static MoonPoint[] Train(int seed) => Moons(new SeededRandom(seed, TrainStream), PointsPerMoon);

    public static MoonPoint[] Test(int seed) => Moons(new SeededRandom(seed, TestStream), PointsPerMoon);

    /// <summary>Fresh points to calibrate on.</summary>
    public static MoonPoint[] Validation(int seed) => Moons(new SeededRandom(seed, ValidationStream), ValidationPointsPerMoon);

    /// <summary>500 points from N((2.5, −1.75), 0.01·I), which no training point comes near.</summary>
    public static MoonPoint[] OutOfDomain(int seed)
    {
        var random = new SeededRandom(seed, OutOfDomainStream);
        var points = new MoonPoint[OutOfDomainPoints];
        for (int i = 0; i < points.Length; i++)
            points[i] = Point(2.5 + 0.1 * random.NextGaussian(), -1.75 + 0.1 * random.NextGaussian(), label: 0);
        return points;
    }

    /// <summary>100 × 100 points from the lower left to the upper right corner, row by row.</summary>
    public static MoonPoint[] Grid()
    {
        var points = new MoonPoint[GridSize * GridSize];
        for (int i = 0; i < points.Length; i++)
        {
            double across = (double)(i % GridSize) / (GridSize - 1), up = (double)(i / GridSize) / (GridSize - 1);
            points[i] = Point(MinX + across * (MaxX - MinX), MinY + up * (MaxY - MinY), label: 0);
        }

        return points;
    }

    /// <summary>
    /// As scikit-learn's make_moons with noise 0.1, then shifted by (−0.1, +0.2) and (+0.1, −0.2). The upper moon
    /// comes first, so that MapValueToKey, which numbers by occurrence, makes it the first class.
    /// </summary>
    private static MoonPoint[] Moons(SeededRandom random, int pointsPerMoon)
    {
        var points = new MoonPoint[2 * pointsPerMoon];
        for (int i = 0; i < points.Length; i++)
        {
            int label = i / pointsPerMoon;
            double angle = Math.PI * (i % pointsPerMoon) / (pointsPerMoon - 1);
            double x = label == 0 ? Math.Cos(angle) - 0.1 : 1 - Math.Cos(angle) + 0.1;
            double y = label == 0 ? Math.Sin(angle) + 0.2 : 0.5 - Math.Sin(angle) - 0.2;
            points[i] = Point(x + Noise * random.NextGaussian(), y + Noise * random.NextGaussian(), label);
        }

        return points;
    }

    private static MoonPoint Point(double x, double y, int label) => new() { X = (float)x, Y = (float)y, Label = label };
}
