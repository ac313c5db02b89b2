namespace Images;

/// <summary>The 1,797 handwritten digits of the UCI repository, 8 by 8 pixels: 0 to 7 to learn, 8 and 9 to be found strange.</summary>
internal static class Digits
{
    private const int Side = 8;
    private const float Brightest = 16;
    private const int TrainCount = 1250;
    private static readonly string[] LeftOut = ["8", "9"];

    /// <summary>Reads <c>digits.csv</c>: 64 pixels and the digit in each line.</summary>
    public static ImageTask Load()
    {
        Picture[] all = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "digits.csv")).Select(line =>
        {
            string[] cells = line.Split(',');
            return new Picture { Pixels = [.. cells[..^1].Select(float.Parse)], Label = cells[^1] };
        })];
        new Random(1).Shuffle(all);
        Picture[] known = [.. all[TrainCount..].Where(IsKnown)];
        return new ImageTask("UCI digits 0 to 7", Side, Brightest, [.. all[..TrainCount].Where(IsKnown)], known,
        [
            ("digits 8 and 9", As(known[0].Label, all.Where(picture => !IsKnown(picture)))),
            ("noise", ImageTask.Noise(Side, Brightest, known[0].Label)),
            ("inverted digits", ImageTask.Invert(known, Brightest)),
        ], ArePhotographs: false);
    }

    private static bool IsKnown(Picture picture) => !LeftOut.Contains(picture.Label);

    // The model has no key for a class that it has never seen.
    private static Picture[] As(string label, IEnumerable<Picture> pictures) =>
        [.. pictures.Select(picture => new Picture { Pixels = picture.Pixels, Label = label })];
}
