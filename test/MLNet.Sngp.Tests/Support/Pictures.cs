using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Small colour pictures in files: a bright bar that lies or stands, on a dim background.</summary>
internal static class Pictures
{
    public static readonly string[] Classes = ["lying", "standing"];

    /// <param name="folder">Where to write them.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="seed">Fixes noise and colours.</param>
    public static Row[] Save(TemporaryFolder folder, int count, int size, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var path = folder.File(FormattableString.Invariant($"{seed}-{i}.png"));
            using var image = MLImage.CreateFromPixels(size, size, MLPixelFormat.Rgba32, Draw(random, size, isStanding: i % 2 == 1));
            image.Save(path);
            return new Row { Path = path, Label = Classes[i % 2] };
        })];
    }

    private static byte[] Draw(Random random, int size, bool isStanding)
    {
        var (place, color) = (random.Next(size / 4, size / 2), random.Next(3));
        var pixels = new byte[4 * size * size];
        for (var i = 0; i < size * size; i++)
        {
            var across = isStanding ? i % size : i / size;
            for (var channel = 0; channel < 3; channel++)
                pixels[(4 * i) + channel] = (byte)(random.Next(60) + (across / 4 == place / 4 && channel != color ? 180 : 0));
            pixels[(4 * i) + 3] = 255;
        }
        return pixels;
    }

    internal sealed class Row
    {
        public string Path { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
