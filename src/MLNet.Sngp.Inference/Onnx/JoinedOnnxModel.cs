using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLNet.Sngp.Persistence;

namespace MLNet.Sngp.Onnx;

/// <summary>The graph of an <c>ApplyOnnxModel</c> step, which ML.NET's converter leaves out.</summary>
internal static class JoinedOnnxModel
{
    /// <summary>The graph as a converted step; null for any other step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">The columns before the step, no two of the same name.</param>
    /// <param name="names">The columns to make of it.</param>
    /// <exception cref="NotSupportedException">It is made for something other than a batch of rows.</exception>
    public static ConvertedStep? TryConvert(PipelineStep step, DataViewSchema input, IReadOnlyCollection<string> names)
    {
        if (step.Transformer is not OnnxTransformer transformer)
            return null;
        var model = ModelProto.Parser.ParseFrom(BytesOf(transformer));
        var graph = model.Graph;
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var inputs = graph.Input.Where(info => !constants.Contains(info.Name)).ToList();
        graph.Input.Clear();
        for (var i = 0; i < inputs.Count; i++)
            Reshape(graph, step, inputs[i], input[inputs[i].Name], i);
        List<DataViewSchema.Column> columns =
            [.. transformer.GetOutputSchema(input).Where(column => !column.IsHidden && names.Contains(column.Name))];
        return ConvertedStep.Cut(graph, model.OpsetImport, [.. columns.Select(column => (column, column.Name))]);
    }

    // ML.NET shows the model to nobody, and writes it when it saves the step.
    private static byte[] BytesOf(OnnxTransformer transformer)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(transformer, null, stream);
        return ModelArchive.ReadOnnxModels(stream).Single();
    }

    // Columns are vectors here; the model takes them in its own dimensions, of which the first is the row.
    private static void Reshape(GraphProto graph, PipelineStep step, ValueInfoProto info, DataViewSchema.Column column, int number)
    {
        var dimensions = info.Type.TensorType.Shape.Dim.Select(size => size.DimValue > 0 ? size.DimValue : -1).ToList();
        if (dimensions.Count == 0 || dimensions[0] > 1 || dimensions.Skip(1).Count(size => size < 0) > 1)
        {
            throw new NotSupportedException(
                $"{step} cannot be joined to the ONNX file: its input '{info.Name}' has the shape "
                + $"[{string.Join(", ", dimensions)}] (-1 where it is left open), and a batch of rows needs a first dimension that is 1 or "
                + $"open and at most one other that is open. {Remedies.For(step.Transformer)}");
        }
        var shape = new TensorProto { Name = FormattableString.Invariant($"input/{number}/shape"), DataType =
            (int)TensorProto.Types.DataType.Int64 };
        shape.Dims.Add(dimensions.Count);
        // A dimension 0 is that of the input: of a matrix of rows, their number.
        shape.Int64Data.AddRange(dimensions.Count == 1 ? [-1] : dimensions.Select((size, i) => i == 0 ? 0 : size));
        var shaped = FormattableString.Invariant($"input/{number}/shaped");
        GraphNames.Redirect(graph.Node, info.Name, shaped);
        var reshape = new NodeProto { OpType = "Reshape", Name = shaped };
        reshape.Input.AddRange([info.Name, shape.Name]);
        reshape.Output.Add(shaped);
        graph.Node.Insert(0, reshape);
        graph.Initializer.Add(shape);
        var taken = info.Clone();
        taken.Type.TensorType.Shape.Dim.Clear();
        int[] width = column.Type is VectorDataViewType vector ? [.. vector.Dimensions] : [1];
        taken.Type.TensorType.Shape.Dim.AddRange(
            width.Prepend(0).Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        graph.Input.Add(taken);
    }
}
