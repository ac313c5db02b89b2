using Microsoft.ML;
using Microsoft.ML.Data;

namespace Images;

/// <summary>Images to learn from, images of the same classes, and images of none of them.</summary>
/// <param name="Name">What the images are.</param>
/// <param name="Side">Height and width in pixels.</param>
/// <param name="Brightest">The value of a white pixel.</param>
/// <param name="Train">To learn from.</param>
/// <param name="Test">Others of the same classes.</param>
/// <param name="OutOfDomain">Sets of images of other kinds, by name.</param>
/// <param name="ArePhotographs">Whether an image may be moved and mirrored without becoming another.</param>
internal sealed record ImageTask(string Name, int Side, float Brightest, Picture[] Train, Picture[] Test,
    IReadOnlyList<(string Name, Picture[] Pictures)> OutOfDomain, bool ArePhotographs)
{
    private const int NoiseCount = 500;

    /// <summary>A table whose feature column states the dimensions of an image: one channel by height by width.</summary>
    public IDataView Table(MLContext ml, Picture[] pictures)
    {
        var definition = SchemaDefinition.Create(typeof(Picture));
        definition[nameof(Picture.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Side, Side);
        return ml.Data.LoadFromEnumerable(pictures, definition);
    }

    /// <summary>Images whose pixels know nothing of each other.</summary>
    public static Picture[] Noise(int side, float brightest, string label)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, NoiseCount).Select(_ => new Picture
        {
            Pixels = [.. Enumerable.Range(0, side * side).Select(_ => brightest * random.NextSingle())],
            Label = label,
        })];
    }

    /// <summary>The same images, dark on bright.</summary>
    public static Picture[] Invert(IEnumerable<Picture> pictures, float brightest) => [.. pictures.Select(picture => new Picture
    {
        Pixels = [.. picture.Pixels.Select(pixel => brightest - pixel)],
        Label = picture.Label,
    })];
}
