using System.Runtime.InteropServices;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp;

/// <summary>The operators that a model may use, each with a bound of the shape that it gives.</summary>
/// <remarks>What is not listed is refused: operators that loop, draw random numbers, read files or make a large value of a small
/// one.</remarks>
internal static class OperatorBounds
{
    private static readonly HashSet<string> Elementwise = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "And", "Cast", "Clip", "Cos", "DequantizeLinear", "Div", "DynamicQuantizeLinear", "Elu", "Equal", "Erf", "Exp",
        "Floor", "Greater",
        "GreaterOrEqual", "Identity", "IsInf", "IsNaN", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "Max", "Min", "Mul", "Neg",
        "Not", "Or", "Pow",
        "QuantizeLinear", "Reciprocal", "Relu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Where",
    };

    private static readonly HashSet<string> Reductions = new(StringComparer.Ordinal)
    {
        "ArgMax", "ArgMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum",
        "ReduceSumSquare",
    };

    /// <param name="node">The node.</param>
    /// <param name="boundOf">The bound of a value, or null when it is not there.</param>
    /// <param name="constantOf">An integer constant, or null.</param>
    /// <param name="work">The number of multiplications a row.</param>
    /// <exception cref="ModelFormatException">The operator is not allowed, or its inputs are wrong.</exception>
    public static ShapeBound Outputs(
        NodeProto node, Func<string, ShapeBound?> boundOf, Func<string, TensorProto?> constantOf, out double work)
    {
        if (node.Domain.Length > 0 && node.Domain != "ai.onnx")
            throw Refused(node);
        // An empty name stands for an input that is left out. ONNX Runtime crashes where an operator cannot do without it; models of this
        // library leave none out.
        if (node.Input.Concat(node.Output).Any(name => name.Length == 0))
            throw new ModelFormatException($"The model's node '{node.Name}' leaves out an input or an output. Give a file that SaveAsOnnx "
                + "wrote, whole and unchanged.");
        var inputs = node.Input
            .Select(name => boundOf(name) ?? throw new ModelFormatException(
            $"The model's node '{node.Name}' takes '{name}', which nothing computes. Give a file that SaveAsOnnx wrote, whole and "
            + "unchanged.")).ToList();
        if (inputs.Count == 0)
            throw Refused(node);
        var result = Bound(node, inputs, constantOf);
        work = node.OpType switch
        {
            "MatMul" or "MatMulInteger" => result.Size * inputs[0].FromEnd(1).Size,
            "Gemm" => result.Size * inputs[0].Dimensions[Int(node, "transA") == 0 ? 1 : 0].Size,
            "Conv" => result.Size * inputs[1].Size / Math.Max(1, inputs[1].Dimensions[0].Size),
            "MaxPool" or "AveragePool" => result.Size * Kernel(node).Aggregate(1.0, (product, size) => product * size),
            _ => Math.Max(result.Size, inputs[0].Size),
        };
        return result;
    }

    private static ShapeBound Bound(NodeProto node, List<ShapeBound> inputs, Func<string, TensorProto?> constantOf) =>
        (node.OpType, inputs.Count) switch
    {
        // The extrema of Clip and the ranges of Slice are inputs that make nothing larger.
        ("Clip" or "Slice", _) => inputs[0],
        (var name, _) when Elementwise.Contains(name) => inputs.Aggregate((left, right) => left.Broadcast(right)),
        (var name, 1) when Reductions.Contains(name) => Reduce(node, inputs[0]),
        ("MatMul" or "MatMulInteger", > 1) => Multiply(inputs[0], inputs[1]),
        ("Gemm", > 1) when inputs[0].Rank == 2 && inputs[1].Rank == 2 => new ShapeBound([
            inputs[0].Dimensions[Int(node, "transA") == 0 ? 0 : 1],
            inputs[1].Dimensions[Int(node, "transB") == 0 ? 1 : 0]]),
        ("Conv", 2 or 3) when inputs[0].Rank == 4 && inputs[1].Rank == 4 => Slide(node, inputs[0], inputs[1].Dimensions[0]),
        ("MaxPool" or "AveragePool", 1) when inputs[0].Rank == 4 => Slide(node, inputs[0], inputs[0].Dimensions[1]),
        ("GlobalAveragePool", 1) when inputs[0].Rank == 4 => new ShapeBound([.. inputs[0].Dimensions[..2], Dimension.One, Dimension.One]),
        ("BatchNormalization", 5) => inputs[0],
        ("Flatten", 1) when Int(node, "axis") == 1 && inputs[0].Rank > 1 => new ShapeBound([
            inputs[0].Dimensions[0],
            new Dimension((long)Math.Min(new ShapeBound(inputs[0].Dimensions[1..]).Size, long.MaxValue / 2), inputs[0].Dimensions[1..].Sum(
            dimension => dimension.Batches))]),
        ("Concat", _) => Concat(inputs, Axis(node, inputs[0].Rank)),
        ("Gather", 2) when inputs[0].Rank > 0 => Gather(inputs[0], inputs[1], Axis(node, inputs[0].Rank)),
        ("GatherElements", 2) => inputs[1],
        // Sorting, running sums and putting elements elsewhere make nothing larger.
        ("TopK" or "CumSum", 2) or ("ScatterElements", 3) => inputs[0],
        ("Reshape", 2) => Reshape(inputs[0], constantOf(node.Input[1]) ?? throw Refused(node)),
        ("Transpose", 1) => new ShapeBound([.. Permutation(node, inputs[0].Rank).Select(axis => inputs[0].Dimensions[axis])]),
        ("Squeeze", 1) => Squeeze(node, inputs[0]),
        ("Unsqueeze", 1) => Unsqueeze(node, inputs[0]),
        _ => throw Refused(node),
    };

    private static ModelFormatException Refused(NodeProto node) => new(
        $"The model's node '{node.Name}' is of the kind '{node.OpType}', which models of this library do not have in this place. Give a "
        + "file that SaveAsOnnx wrote, or score it with mlContext.Transforms.ApplyOnnxModel if you trust it.");

    private static ShapeBound Reduce(NodeProto node, ShapeBound input)
    {
        var axes = node.OpType is "ArgMax" or "ArgMin" ? [Axis(node, input.Rank)] : Axes(node, input.Rank);
        var isKept = Find(node, "keepdims") is not { } keep || keep.I != 0;
        if (isKept)
            return new ShapeBound([.. input.Dimensions.Select((dimension, i) => axes.Contains(i) ? Dimension.One : dimension)]);
        return new ShapeBound([.. input.Dimensions.Where((_, i) => !axes.Contains(i))]);
    }

    /// <summary>What a kernel gives that slides over pictures: at most (size + padding − reach) / stride, rounded up, and one.</summary>
    private static ShapeBound Slide(NodeProto node, ShapeBound input, Dimension channels)
    {
        var kernel = Kernel(node);
        var (strides, dilations, pads) = (Ints(node, "strides", 2, 1), Ints(node, "dilations", 2, 1), Ints(node, "pads", 4, 0));
        if (Find(node, "auto_pad") != null || strides.Concat(dilations).Any(step => step < 1) || pads.Any(pad => pad < 0))
            throw Refused(node);
        var size = new Dimension[2];
        for (var i = 0; i < 2; i++)
        {
            var before = input.Dimensions[2 + i];
            var rest = before.Size + pads[i] + pads[2 + i] - (dilations[i] * (kernel[i] - 1)) - 1;
            size[i] = new Dimension(rest < 0 ? throw Refused(node) : ((rest + strides[i] - 1) / strides[i]) + 1, before.Batches);
        }
        return new ShapeBound([input.Dimensions[0], channels, .. size]);
    }

    private static long[] Kernel(NodeProto node) => Ints(node, "kernel_shape", 2, 0) is var kernel
        && kernel.All(size => size is > 0 and <= ModelGraphReader.MaximumWidth)
        ? kernel
        : throw Refused(node);

    private static long[] Ints(NodeProto node, string name, int count, long otherwise)
    {
        if (Find(node, name) is not { } attribute)
            return [.. Enumerable.Repeat(otherwise, count)];
        return attribute.Ints.Count == count && attribute.Ints.All(value => value <= ModelGraphReader.MaximumWidth)
            ? [.. attribute.Ints]
            : throw Refused(node);
    }

    private static ShapeBound Multiply(ShapeBound left, ShapeBound right)
    {
        var batch = new ShapeBound([.. left.Dimensions.SkipLast(2)]).Broadcast(new ShapeBound([.. right.Dimensions.SkipLast(2)]));
        return new ShapeBound([.. batch.Dimensions, left.FromEnd(2), right.FromEnd(1)]);
    }

    private static ShapeBound Concat(List<ShapeBound> inputs, int axis)
    {
        var result = inputs.Aggregate((left, right) => left.Broadcast(right)).Dimensions;
        if (axis < result.Length)
            result[axis] =
                new Dimension(inputs.Where(input => axis < input.Rank).Sum(input => input.Dimensions[axis].Size), result[axis].Batches);
        return new ShapeBound(result);
    }

    private static ShapeBound Gather(ShapeBound data, ShapeBound indices, int axis) =>
        new([.. data.Dimensions.Take(axis), .. indices.Dimensions, .. data.Dimensions.Skip(axis + 1)]);

    // 0 keeps a dimension, -1 takes what is left.
    private static ShapeBound Reshape(ShapeBound input, TensorProto shape)
    {
        long[] sizes = shape.RawData.Length > 0 ? MemoryMarshal.Cast<byte, long>(shape.RawData.Span).ToArray() : [.. shape.Int64Data];
        var result = sizes.Select((size, i) => size == 0 && i < input.Rank ? input.Dimensions[i] : new Dimension(Math.Abs(size), 0))
            .ToArray();
        var free = Array.IndexOf(sizes, -1);
        if (free < 0)
            return new ShapeBound(result);
        result[free] = Dimension.One;
        var others = new ShapeBound(result);
        result[free] = new Dimension((long)Math.Min(Math.Ceiling(input.Size / Math.Max(1, others.Size)), long.MaxValue / 2),
            Math.Max(0, input.Batches - others.Batches));
        return new ShapeBound(result);
    }

    private static ShapeBound Squeeze(NodeProto node, ShapeBound input)
    {
        if (Find(node, "axes") == null)
            throw Refused(node);
        var axes = Axes(node, input.Rank);
        return new ShapeBound([.. input.Dimensions.Where((_, i) => !axes.Contains(i))]);
    }

    private static ShapeBound Unsqueeze(NodeProto node, ShapeBound input)
    {
        var added = Find(node, "axes")?.Ints ?? throw Refused(node);
        var result = input.Dimensions.ToList();
        foreach (var axis in added.Select(axis => axis < 0 ? axis + input.Rank + added.Count : axis).Order())
            result.Insert((int)Math.Clamp(axis, 0, result.Count), Dimension.One);
        return new ShapeBound([.. result]);
    }

    private static IEnumerable<int> Permutation(NodeProto node, int rank)
    {
        if (Find(node, "perm") is not { Ints.Count: > 0 } permutation)
            return Enumerable.Range(0, rank).Reverse();
        return permutation.Ints.All(axis => axis >= 0 && axis < rank) && permutation.Ints.Count == rank
            ? permutation.Ints.Select(axis => (int)axis) : throw Refused(node);
    }

    private static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    private static long Int(NodeProto node, string name) => Find(node, name)?.I ?? 0;

    private static int Axis(NodeProto node, int rank) => Normalise(Int(node, "axis"), rank);

    // Without axes: all of them.
    private static List<int> Axes(NodeProto node, int rank) =>
        Find(node, "axes") is { } axes ? [.. axes.Ints.Select(axis => Normalise(axis, rank))] : [.. Enumerable.Range(0, rank)];

    private static int Normalise(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, Math.Max(0, rank - 1));
}
