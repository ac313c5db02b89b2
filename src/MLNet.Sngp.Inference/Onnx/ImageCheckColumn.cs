using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Sngp.Onnx;

/// <summary>Images from which rows are made: those of a table, and black, white and grey ones.</summary>
/// <param name="column">A column of images of a known size.</param>
/// <param name="images">Some to begin with, as <see cref="ImageColumns.PixelsOf"/> gives them.</param>
internal sealed class ImageCheckColumn(DataViewSchema.Column column, IEnumerable<byte[]>? images = null) : CheckColumn(column)
{
    private static readonly byte[] Odd = [0, 255, 128];
    private readonly List<byte[]> _images = [.. images ?? []];
    private readonly (int Height, int Width) _size = ImageColumns.SizeOf(column.Type);

    public override int Count => _images.Count;

    public override Action ReadFrom(DataViewRow row)
    {
        var getter = row.GetGetter<MLImage>(row.Schema[Name]);
        return () =>
        {
            MLImage image = null!;
            getter(ref image);
            _images.Add(ImageColumns.PixelsOf(image));
        };
    }

    public override void AddOdd()
    {
        foreach (var value in Odd)
            _images.Add([.. Enumerable.Repeat(value, _size.Height * _size.Width * ImageColumns.Colors)]);
    }

    // The step that takes an image disposes it.
    public override Delegate Getter(Func<int> current) =>
        (ValueGetter<MLImage>)((ref MLImage value) => value = ImageColumns.ToImage(_images[current()], _size.Height, _size.Width));

    public override NamedOnnxValue Tensor(IReadOnlyList<int> values) => NamedOnnxValue.CreateFromTensor(Name, new DenseTensor<byte>(
        values.SelectMany(value => _images[value]).ToArray(), [values.Count, _size.Height, _size.Width, ImageColumns.Colors]));

    public override object[] Elements(int value) => [.. _images[value].Cast<object>()];
}
