using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNet.Sngp.Onnx;

/// <summary>The graph of an <c>ExtractPixels</c> step, which ML.NET's converter leaves out: from raw pixels, of type uint8 and shape [N,
/// height, width, 4] (red, green, blue, alpha), to the column.</summary>
internal static class PixelExtraction
{
    /// <summary>The graph as a converted step; null for any other step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">The columns before the step, no two of the same name.</param>
    /// <param name="names">The columns to make of it.</param>
    /// <exception cref="NotSupportedException">The images' size is not known.</exception>
    public static ConvertedStep? TryConvert(PipelineStep step, DataViewSchema input, IReadOnlyCollection<string> names) =>
        input.Any(column => ImageColumns.IsImage(column.Type)) ? ConvertImages(step, input, names) : null;

    private static ConvertedStep? ConvertImages(PipelineStep step, DataViewSchema input, IReadOnlyCollection<string> names)
    {
        if (step.Transformer is not ImagePixelExtractingTransformer transformer)
            return null;
        var graph = new OnnxGraph("pixels");
        var columns = transformer.GetOutputSchema(input).Where(column => !column.IsHidden && names.Contains(column.Name)).ToList();
        List<(DataViewSchema.Column, string)> made = [];
        foreach (var column in columns)
        {
            var mapping = PixelMapping.Of(transformer, input, column.Name);
            var size = ImageColumns.SizeOf(input[mapping.Image].Type);
            if (size.Height * size.Width == 0)
            {
                throw new NotSupportedException($"{step} cannot be part of the ONNX file: the images of column '{mapping.Image}' may have "
                    + "any size. Add ResizeImages before it.");
            }
            made.Add((column, Add(graph, column, mapping, size)));
        }
        return ConvertedStep.Cut(graph.Proto, [new OperatorSetIdProto { Version = OnnxGraph.OpsetVersion }], made);
    }

    private static string Add(OnnxGraph graph, DataViewSchema.Column column, PixelMapping mapping, (int Height, int Width) size)
    {
        var name = column.Name;
        if (!graph.Proto.Input.Any(input => input.Name == mapping.Image))
            graph.Proto.Input.Add(Describe(mapping.Image, size));
        var shape = graph.Constant(name + "/shape", [0L, size.Height, size.Width, ImageColumns.Colors], 4);
        var image = graph.Node("Reshape", name + "/image", [mapping.Image, shape]);
        var numbers = graph.Node("Cast", name + "/numbers", [image], [OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Float)]);
        var colors = graph.Constant(name + "/colors", mapping.Colors, mapping.Colors.Length);
        var taken = graph.Node("Gather", name + "/taken", [numbers, colors], [OnnxAttribute.Of("axis", 3L)]);
        var scale = graph.Constant(name + "/scale", mapping.Scale, mapping.Scale.Length);
        var scaled = graph.Node("Mul", name + "/scaled", [taken, scale]);
        var value = graph.Node("Add", name + "/moved", [scaled, graph.Constant(name + "/offset", mapping.Offset, mapping.Offset.Length)]);
        return mapping.IsInterleaved
            ? value
            : graph.Node("Transpose", name + "/planar", [value], [OnnxAttribute.Of("perm", 0L, 3, 1, 2)]);
    }

    private static ValueInfoProto Describe(string name, (int Height, int Width) size)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Uint8, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.AddRange(new[] { 0, size.Height, size.Width, ImageColumns.Colors }
            .Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
