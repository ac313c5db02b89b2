using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNet.Sngp.Onnx;

/// <summary>Columns of images, which a graph takes as raw pixels.</summary>
/// <remarks>Their types are in Microsoft.ML.ImageAnalytics, which only pipelines with images have: <see cref="IsImage"/> comes without it,
/// all else is called where it is there.</remarks>
internal static class ImageColumns
{
    /// <summary>Red, green, blue and alpha, in this order.</summary>
    public const int Colors = 4;

    public static bool IsImage(DataViewType type) => type.GetType().FullName == "Microsoft.ML.Transforms.Image.ImageDataViewType";

    /// <summary>Height and width; 0 where the column's type does not state them.</summary>
    public static (int Height, int Width) SizeOf(DataViewType type) => type is ImageDataViewType image
        ? (image.Height, image.Width)
        : default;

    public static DataViewType TypeOf(int height, int width) => new ImageDataViewType(height, width);

    /// <summary>Values for rows to be made from.</summary>
    public static CheckColumn Values(DataViewSchema.Column column) => new ImageCheckColumn(column);

    /// <summary>The pixels row by row, four bytes each.</summary>
    public static byte[] PixelsOf(MLImage image)
    {
        var pixels = image.Pixels.ToArray();
        if (image.PixelFormat == MLPixelFormat.Bgra32)
        {
            for (var i = 0; i < pixels.Length; i += Colors)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }
        return pixels;
    }

    public static MLImage ToImage(byte[] pixels, int height, int width) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
}
