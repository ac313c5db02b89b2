using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Changes the images of a training step at random: a crop of the padded image, and a mirror image of half of them.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ImageAugmentation
{
    private readonly ImageShape _images;
    private readonly int _padding;
    private readonly bool _flips;

    private ImageAugmentation(ImageShape images, TrainingOptions options) =>
        (_images, _padding, _flips) = (images, options.RandomCropPadding, options.RandomHorizontalFlip);

    /// <summary>What the options ask for; null where they ask for nothing.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rowShape">[C, H, W] or [H, W, C].</param>
    /// <exception cref="NotSupportedException">They ask for something and the rows are no images, or smaller than the padding.</exception>
    public static ImageAugmentation? Of(TrainingOptions options, long[] rowShape)
    {
        if (options is { RandomCropPadding: 0, RandomHorizontalFlip: false })
            return null;
        if (ImageShape.Of(rowShape) is not { } images)
            throw new NotSupportedException(
                $"{nameof(options.RandomCropPadding)} and {nameof(options.RandomHorizontalFlip)} change images, channels by height by "
                + "width, "
                + $"and the feature column's type states {rowShape.Length} dimension{(rowShape.Length == 1 ? "" : "s")}. Make the column "
                + "with ExtractPixels, give its type the dimensions, or leave both options at their defaults.");
        if (options.RandomCropPadding >= Math.Min(images.Height, images.Width))
            throw new NotSupportedException(FormattableString.Invariant(
                $"{nameof(options.RandomCropPadding)} is {options.RandomCropPadding} and images have {images.Height} by {images.Width} ")
                + "pixels; lower it below the smaller number, or a crop could show nothing of an image.");
        return new ImageAugmentation(images, options);
    }

    /// <summary>New rows, shape [B, d], of rows as many.</summary>
    /// <param name="features">Shape [B, d].</param>
    /// <param name="random">Draws offsets and mirror images.</param>
    public Tensor Apply(Tensor features, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (count, channels, height, width) = (features.shape[0], _images.Channels, _images.Height, _images.Width);
        long[] rows = new long[count * height], columns = new long[count * width];
        for (var image = 0; image < count; image++)
        {
            var (top, left) = (random.NextInt32((2 * _padding) + 1), random.NextInt32((2 * _padding) + 1));
            var isFlipped = _flips && random.NextInt32(2) == 1;
            for (var y = 0L; y < height; y++)
                rows[(image * height) + y] = top + y;
            for (var x = 0L; x < width; x++)
                columns[(image * width) + x] = left + (isFlipped ? width - 1 - x : x);
        }
        var padded = nn.functional.pad(ChannelsFirst.Planar(_images, features), [_padding, _padding, _padding, _padding]);
        var byRow = NativeTensor.Of(rows, [count, 1, height, 1], features.device).expand(count, channels, height, width + (2 * _padding));
        var byColumn = NativeTensor.Of(columns, [count, 1, 1, width], features.device).expand(count, channels, height, width);
        return scope.MoveToOuter(ChannelsFirst.Rows(_images, padded.gather(2, byRow).gather(3, byColumn)));
    }
}
