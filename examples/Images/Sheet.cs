using SkiaSharp;

namespace Images;

/// <summary>A sheet of images with what a model says of each: the surest above, the least sure below.</summary>
internal static class Sheet
{
    private const int Count = 12;
    private const int Cell = 112;
    private const int ImageSize = 96;
    private const int Caption = 54;
    private const int Title = 30;
    private const int Edge = 8;

    /// <param name="path">The PNG file to write.</param>
    /// <param name="title">What the images are.</param>
    /// <param name="pictures">All images of a set.</param>
    /// <param name="distances">The column that tells of the distance, of each.</param>
    /// <param name="column">Its name.</param>
    /// <param name="side">Height and width of an image in pixels.</param>
    /// <param name="brightest">The value of a white pixel.</param>
    /// <param name="tellsTruth">Whether the images are of one of the model's classes.</param>
    public static void Save(string path, string title, ScoredPicture[] pictures, double[] distances, string column, int side,
        float brightest, bool tellsTruth)
    {
        var ranked = pictures.Zip(distances).OrderBy(pair => pair.First.Uncertainty).ThenBy(pair => pair.Second).ToList();
        int count = Math.Min(Count, ranked.Count);
        int rowHeight = Title + ImageSize + Caption;
        using var bitmap = new SKBitmap((count * Cell) + (2 * Edge), (2 * rowHeight) + (2 * Edge));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        using var heading = new SKFont(SKTypeface.Default, 17);
        using var text = new SKFont(SKTypeface.Default, 13);
        using var ink = new SKPaint { Color = new SKColor(30, 30, 30), IsAntialias = true };
        for (int row = 0; row < 2; row++)
        {
            int top = Edge + (row * rowHeight);
            canvas.DrawText($"{title}: the {count} that it is {(row == 0 ? "surest" : "least sure")} of", Edge, top + 18, heading, ink);
            var shown = row == 0 ? ranked.Take(count) : ranked.TakeLast(count).Reverse();
            foreach (var ((picture, distance), i) in shown.Select((pair, i) => (pair, i)))
            {
                int left = Edge + (i * Cell);
                Draw(canvas, picture.Pixels, side, brightest, left, top + Title);
                string[] lines =
                [
                    $"{picture.Class}: {picture.Score.Max():0.000}", $"{column.ToLowerInvariant()} {distance:0.000}",
                    tellsTruth ? picture.Class == picture.Label ? "right" : $"is {picture.Label}" : "",
                ];
                for (int line = 0; line < lines.Length; line++)
                    canvas.DrawText(lines[line], left, top + Title + ImageSize + 15 + (16 * line), text, ink);
            }
        }
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }

    private static void Draw(SKCanvas canvas, float[] pixels, int side, float brightest, int left, int top)
    {
        using var image = new SKBitmap(side, side);
        for (int i = 0; i < pixels.Length; i++)
        {
            byte grey = (byte)Math.Clamp(255 * pixels[i] / brightest, 0, 255);
            image.SetPixel(i % side, i / side, new SKColor(grey, grey, grey));
        }
        using var shown = SKImage.FromBitmap(image);
        canvas.DrawImage(shown, SKRect.Create(left, top, ImageSize, ImageSize), new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
