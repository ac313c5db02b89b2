using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>What an <c>ExtractPixels</c> step makes of a pixel: of each channel c the number colour·scale + offset.</summary>
/// <param name="Image">The column of images.</param>
/// <param name="Colors">Which colour each channel is: 0 red, 1 green, 2 blue, 3 alpha.</param>
/// <param name="Scale">Of each channel.</param>
/// <param name="Offset">Of each channel.</param>
/// <param name="IsInterleaved">Whether the channels of a pixel lie side by side.</param>
internal sealed record PixelMapping(string Image, long[] Colors, float[] Scale, float[] Offset, bool IsInterleaved)
{
    private const int Brightest = 255;

    /// <summary>Asks the step, which shows its settings to nobody: by images of two pixels, of which the second has one colour.</summary>
    /// <param name="transformer">The step.</param>
    /// <param name="input">The columns before it.</param>
    /// <param name="name">The column that it makes.</param>
    public static PixelMapping Of(ITransformer transformer, DataViewSchema input, string name)
    {
        List<string> images = [.. input.Where(column => ImageColumns.IsImage(column.Type)).Select(column => column.Name)];
        var rows = Probe(transformer, images, name);
        var dark = rows[0];
        var channels = dark.Length / 2;
        var (colors, scale, slots) = (new long[channels], new float[channels], new List<(int Slot, int Probe)>());
        for (var probe = 0; probe < rows.Count - 1; probe++)
            slots.AddRange(
                Enumerable.Range(0, dark.Length).Where(slot => rows[probe + 1][slot] != dark[slot]).Select(slot => (slot, probe)));
        var isInterleaved = channels > 1 && slots.TrueForAll(found => found.Slot >= channels);
        foreach (var (slot, probe) in slots)
        {
            var channel = isInterleaved ? slot - channels : slot / 2;
            colors[channel] = probe % ImageColumns.Colors;
            scale[channel] = (float)((rows[probe + 1][slot] - dark[slot]) / Brightest);
        }
        var offset = Enumerable.Range(0, channels).Select(channel => (float)dark[isInterleaved ? channel : 2 * channel]);
        return new PixelMapping(images[slots[0].Probe / ImageColumns.Colors], colors, scale, [.. offset], isInterleaved);
    }

    // The first row is all dark; each of the others has one colour of one column at its brightest.
    private static List<double[]> Probe(ITransformer transformer, IReadOnlyList<string> images, string name)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var image in images)
            builder.AddColumn(image, ImageColumns.TypeOf(height: 1, width: 2));
        var schema = builder.ToSchema();
        List<CheckColumn> columns = [.. schema.Select(column => new ImageCheckColumn(column, Pixels()))];
        List<int[]> rows = [new int[images.Count]];
        for (var probe = 0; probe < images.Count * ImageColumns.Colors; probe++)
        {
            var row = new int[images.Count];
            row[probe / ImageColumns.Colors] = 1 + (probe % ImageColumns.Colors);
            rows.Add(row);
        }
        var scored = transformer.Transform(new CheckRowsView(schema, columns, rows));
        var values = CheckColumn.Create(scored.Schema[name]);
        using var cursor = scored.GetRowCursor([scored.Schema[name]]);
        var read = values.ReadFrom(cursor);
        while (cursor.MoveNext())
            read();
        return [.. Enumerable.Range(0, values.Count).Select(row => values.Elements(row).Select(Convert.ToDouble).ToArray())];
    }

    private static IEnumerable<byte[]> Pixels() => Enumerable.Range(-1, 1 + ImageColumns.Colors).Select(color =>
    {
        var pixels = new byte[2 * ImageColumns.Colors];
        if (color >= 0)
            pixels[ImageColumns.Colors + color] = Brightest;
        return pixels;
    });
}
