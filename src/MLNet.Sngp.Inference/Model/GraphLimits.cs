using MLNet.Sngp.Onnx;

namespace MLNet.Sngp;

/// <summary>
/// Refuses graphs that could take more memory or time than their file's size explains, before ONNX Runtime sees them.
/// </summary>
/// <remarks>
/// In a model that this library writes, no value has more elements a row than the file has bytes, because each element has a
/// constant of its own somewhere, and a row costs about one multiplication for each constant. A file from a stranger can
/// declare huge sizes, double a value forty times, or loop; it is refused by what its nodes would do, not by running them. A convolution
/// uses its weights for every pixel, so pictures may be larger than that, up to a million elements.
/// </remarks>
internal static class GraphLimits
{
    /// <summary>A row may cost so many multiplications for each byte of the file; models of this library need about 1.</summary>
    public const long WorkPerByte = 64;

    // Of a row: some hundred thousand are usual for pictures of the size that small convolutional networks take.
    private const long LargestPicture = 1 << 20;

    // A tenth of a second at worst.
    private const double ConvolutionWork = 2e9;

    /// <returns>The number of elements of the largest value of a row.</returns>
    /// <exception cref="ModelFormatException">The graph must not be run.</exception>
    public static long Check(ModelProto model, long fileBytes)
    {
        if (model.OpsetImport.Any(opset => opset.Domain is "" or "ai.onnx" && opset.Version > OnnxGraph.OpsetVersion))
            throw new ModelFormatException(
                $"The model uses operators of a set newer than {OnnxGraph.OpsetVersion}, as no model of this format does. Give a file that "
                + "SaveAsOnnx wrote.");
        var graph = model.Graph;
        var largest = 1L;
        var bounds = new Dictionary<string, ShapeBound>(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer)
            Add(tensor.Name, new ShapeBound([.. tensor.Dims.Select(size => new Dimension(size, 0))]));
        foreach (var input in graph.Input.Where(input => !bounds.ContainsKey(input.Name)))
            Add(input.Name, ShapeBound.OfInput(input));
        var constants = graph.Initializer.Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Int64)
            .ToLookup(tensor => tensor.Name, StringComparer.Ordinal);
        var work = 0.0;
        foreach (var node in graph.Node)
        {
            var bound = OperatorBounds.Outputs(node, name => bounds.GetValueOrDefault(name), name => constants[name].FirstOrDefault(),
                out var nodeWork);
            work += nodeWork;
            foreach (var output in node.Output)
                Add(output, bound);
        }
        if (work > ((double)WorkPerByte * fileBytes) + (graph.Node.Any(node => node.OpType == "Conv") ? ConvolutionWork : 0))
            throw new ModelFormatException(
                $"The model would take {work:E1} multiplications a row, which its {fileBytes} bytes do not explain. Do not use this file.");

        return largest;

        void Add(string name, ShapeBound bound)
        {
            if (!bound.IsKnown || bound.Size > (bound.Rank == 4 ? Math.Max(fileBytes, LargestPicture) : fileBytes) || bound.Batches > 1)
                throw new ModelFormatException(
                    $"The model's value '{name}' would have more elements a row than its {fileBytes} bytes explain. Do not use this file.");
            if (bound.Batches == 1)
                largest = Math.Max(largest, (long)bound.Size);
            if (!bounds.TryAdd(name, bound))
                throw new ModelFormatException(
                    $"The model has two values named '{name}'. Give a file that SaveAsOnnx wrote, whole and unchanged.");
        }
    }
}

/// <summary>One dimension: at most <paramref name="Size"/> × (number of rows)^<paramref name="Batches"/>.</summary>
internal readonly record struct Dimension(long Size, int Batches)
{
    public static readonly Dimension One = new(1, 0);

    /// <summary>The dimension that two broadcast to: the larger one, since otherwise they are equal or the graph is wrong.</summary>
    public static Dimension Max(Dimension left, Dimension right) =>
        new(Math.Max(left.Size, right.Size), Math.Max(left.Batches, right.Batches));
}

/// <summary>An upper bound of a value's shape.</summary>
internal sealed record ShapeBound(Dimension[] Dimensions)
{
    public int Rank => Dimensions.Length;

    public bool IsKnown => Array.TrueForAll(Dimensions, dimension => dimension.Size >= 0);

    /// <summary>The number of elements a row. In floating point, which does not overflow.</summary>
    public double Size => Dimensions.Aggregate(1.0, (product, dimension) => product * dimension.Size);

    /// <summary>With which power of the number of rows the value grows.</summary>
    public int Batches => Dimensions.Sum(dimension => dimension.Batches);

    /// <summary>The first dimension is the batch, whatever its name.</summary>
    public static ShapeBound OfInput(ValueInfoProto input) =>
        new([.. (input.Type?.TensorType?.Shape?.Dim ?? [])
            .Select((dimension, i) => i == 0 ? new Dimension(1, 1) : new Dimension(dimension.DimValue, 0))]);

    /// <summary>The dimension counted from the end, from 1; dimensions that are not there are 1.</summary>
    public Dimension FromEnd(int position) => position <= Rank ? Dimensions[Rank - position] : Dimension.One;

    public ShapeBound Broadcast(ShapeBound other)
    {
        var rank = Math.Max(Rank, other.Rank);
        var result = new Dimension[rank];
        for (var position = 1; position <= rank; position++)
            result[rank - position] = Dimension.Max(FromEnd(position), other.FromEnd(position));
        return new ShapeBound(result);
    }
}
