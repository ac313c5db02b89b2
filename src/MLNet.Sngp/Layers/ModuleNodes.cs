using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Writes the modules of TorchSharp that are known here, and those of this library, into an ONNX graph.</summary>
internal static class ModuleNodes
{
    /// <summary>The kinds of TorchSharp's modules that can be written, in the order in which messages name them.</summary>
    private static readonly Dictionary<Type, Func<OnnxGraphBuilder, nn.Module, string, string>> Writers = new()
    {
        [typeof(Linear)] = (graph, module, input) => AddLinear(graph, (Linear)module, input),
        [typeof(Conv2d)] = (graph, module, input) => AddConvolution(graph, (Conv2d)module, input),
        [typeof(BatchNorm2d)] = (graph, module, input) => AddBatchNormalization(graph, (BatchNorm2d)module, input),
        [typeof(LayerNorm)] = (graph, module, input) => AddLayerNormalization(graph, (LayerNorm)module, input),
        [typeof(ReLU)] = (graph, _, input) => graph.Node("relu", "Relu", [input]),
        [typeof(GELU)] = (graph, module, input) => AddGelu(graph, (GELU)module, input),
        [typeof(SiLU)] = (graph, _, input) => graph.Node("silu", "Mul", [input, graph.Node("sigmoid", "Sigmoid", [input])]),
        [typeof(Tanh)] = (graph, _, input) => graph.Node("tanh", "Tanh", [input]),
        [typeof(Sigmoid)] = (graph, _, input) => graph.Node("sigmoid", "Sigmoid", [input]),
        [typeof(Dropout)] = (_, _, input) => input,
        [typeof(MaxPool2d)] = (graph, module, input) => AddMaxPool(graph, (MaxPool2d)module, input),
        [typeof(AvgPool2d)] = (graph, module, input) => AddAveragePool(graph, (AvgPool2d)module, input),
        [typeof(AdaptiveAvgPool2d)] = (graph, _, input) => graph.Node("average", "GlobalAveragePool", [input]),
        [typeof(Flatten)] = (graph, _, input) => graph.Node("flattened", "Flatten", [input], ("axis", 1L)),
        [typeof(Embedding)] = (graph, module, input) => AddEmbedding(graph, (Embedding)module, input),
        [typeof(Identity)] = (_, _, input) => input,
    };

    public static IEnumerable<string> Kinds =>
        [nameof(Sequential), .. Writers.Keys.Select(kind => kind.Name), nameof(Residual), nameof(SpectralNormalization)];

    /// <summary>Adds a module that <see cref="Complaint"/> has nothing against.</summary>
    /// <param name="graph">Where to add its nodes.</param>
    /// <param name="module">The module.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="dropout">Adds the module that stands for a dropout of TorchSharp's; null for nothing to drop.</param>
    /// <exception cref="NotSupportedException">The module cannot be written.</exception>
    public static string Add(
        OnnxGraphBuilder graph, nn.Module module, string input, Func<OnnxGraphBuilder, Dropout, string, string>? dropout = null)
    {
        switch (module)
        {
            case Sequential sequence:
                return sequence.named_children()
                    .Aggregate(input, (value, child) => Add(graph.Within(child.Item1), child.Item2, value, dropout));
            case Residual residual:
                var kept = residual.Shortcut is { } shortcut ? Add(graph.Within("shortcut"), shortcut, input, dropout) : input;
                var sum = graph.Node("sum", "Add", [kept, Add(graph.Within("branch"), residual.Branch, input, dropout)]);
                return graph.WithinLimit(sum);
            case PooledGroups pooled:
                return AddGroups(graph, pooled, input, dropout);
            case SpectralNormalization bounded:
                return Add(graph, bounded.Layer, input, dropout);
            case IOnnxModule own:
                return own.AddTo(graph, input);
            case Dropout drop when dropout is not null:
                return dropout(graph, drop, input);
            default:
                return Writers.TryGetValue(module.GetType(), out var write)
                    ? write(graph, module, input)
                    : throw new NotSupportedException($"A module of type {module.GetType().Name} cannot be written into an ONNX graph.");
        }
    }

    /// <summary>The path and type of the first module within that cannot be written, with the reason; null where all can.</summary>
    public static string? Complaint(nn.Module module, string path = "")
    {
        var name = path.Length == 0 ? module.GetType().Name : $"{path} ({module.GetType().Name})";
        return module switch
        {
            Sequential or Residual => module.named_children()
                .Select(child => Complaint(child.module, path.Length == 0 ? child.name : $"{path}.{child.name}"))
                .FirstOrDefault(complaint => complaint is not null),
            SpectralNormalization bounded => Complaint(bounded.Layer, $"{path}.layer"),
            IOnnxModule => null,
            Conv2d { padding: null } or Conv2d { padding_mode: not PaddingModes.Zeros } =>
            $"{name} pads otherwise than with zeros by numbers; give its padding as a number",
            BatchNorm2d { running_mean: null } =>
            $"{name} keeps no running statistics, which scoring needs; make it with track_running_stats",
            AdaptiveAvgPool2d pool when pool.output_size.Any(size => size != 1) => $"{name} gives another size than 1; use AvgPool2d",
            AvgPool2d { divisor_override: not null } => $"{name} has a divisor of its own",
            Flatten { start_dim: not 1 } or Flatten { end_dim: not -1 } => $"{name} flattens other dimensions than all but the first",
            _ when Writers.ContainsKey(module.GetType()) => null,
            _ => $"{name} is of a kind that cannot be exported; known are {string.Join(", ", Kinds)}, and modules that are "
            + $"{nameof(IOnnxModule)}",
        };
    }

    private static string AddGroups(
        OnnxGraphBuilder graph, PooledGroups pooled, string input, Func<OnnxGraphBuilder, Dropout, string, string>? dropout)
    {
        var value = input;
        var vectors = new List<string>();
        foreach (var ((layers, pool), i) in pooled.Groups.Select((group, i) => (group, i)))
        {
            value = Add(graph.Within(FormattableString.Invariant($"group{i}")), layers, value, dropout);
            vectors.Add(Add(graph.Within(FormattableString.Invariant($"pool{i}")), pool, value, dropout));
        }
        return graph.Node("vectors", "Concat", [.. vectors], ("axis", 1L));
    }

    private static string AddLinear(OnnxGraphBuilder graph, Linear layer, string input)
    {
        using var scope = NewDisposeScope();
        // A product of any rank; ONNX Runtime makes one operator of it and the sum.
        var product = graph.Node("product", "MatMul", [input, graph.Constant("weight", layer.weight.t())]);
        return graph.WithinLimit(layer.bias is { } bias ? graph.Node("linear", "Add", [product, graph.Constant("bias", bias)]) : product);
    }

    private static string AddConvolution(OnnxGraphBuilder graph, Conv2d layer, string input)
    {
        string[] inputs = [input, graph.Constant("weight", layer.weight), .. layer.bias is { } bias
            ? [graph.Constant("bias", bias)]
            : Array.Empty<string>()];
        return graph.WithinLimit(
            graph.Node("convolution", "Conv", inputs, ("kernel_shape", Two(layer.kernel_size)), ("strides", Two(layer.stride)),
            ("pads", Pads(layer.padding)), ("dilations", Two(layer.dilation)), ("group", layer.groups)));
    }

    private static string AddBatchNormalization(OnnxGraphBuilder graph, BatchNorm2d layer, string input)
    {
        using var scope = NewDisposeScope();
        string[] inputs =
        [
            input,
            graph.Constant("weight", layer.weight ?? ones(layer.num_features)),
            graph.Constant("bias", layer.bias ?? zeros(layer.num_features)),
            graph.Constant("mean", layer.running_mean!),
            graph.Constant("variance", layer.running_var!),
        ];
        return graph.WithinLimit(graph.Node("normalised", "BatchNormalization", inputs, ("epsilon", (float)layer.eps)));
    }

    /// <summary>g·(h − mean)/√(var + ε) + c in the operators of opset 12, which has no LayerNormalization.</summary>
    private static string AddLayerNormalization(OnnxGraphBuilder graph, LayerNorm layer, string input)
    {
        var shape = layer.normalized_shape;
        var mean = Mean(graph, "mean", input, shape);
        var centred = graph.Node("centred", "Sub", [input, mean]);
        var variance = Mean(graph, "variance", graph.Node("squares", "Mul", [centred, centred]), shape);
        var safe = graph.Node("safe_variance", "Add", [variance, graph.Constant("epsilon", [(float)layer.eps], 1)]);
        var output = graph.Node("standardised", "Div", [centred, graph.Node("deviation", "Sqrt", [safe])]);
        if (layer.weight is { } gain)
            output = graph.Node("gained", "Mul", [output, graph.Constant("gain", gain)]);
        return layer.bias is { } bias ? graph.Node("normalised", "Add", [output, graph.Constant("bias", bias)]) : output;
    }

    private static string Mean(OnnxGraphBuilder graph, string name, string values, long[] shape) => shape.Length == 1
        ? graph.RowSum(name, values, shape[0], 1.0 / shape[0])
        : graph.Node(name, "ReduceMean", [values], (
        "axes", Enumerable.Range(-shape.Length, shape.Length).Select(axis => (long)axis).ToArray()), ("keepdims", 1L));

    private static string AddGelu(OnnxGraphBuilder graph, GELU layer, string input)
    {
        // x/2·(1 + erf(x/√2)), or with tanh(√(2/π)·(x + 0.044715·x³)).
        string Scaled(string name, string value, double factor) =>
            graph.Node(name, "Mul", [value, graph.Constant(name + "/factor", [(float)factor], 1)]);
        string argument;
        if (layer.approximate == GELU.Approximate.tanh)
        {
            var cube = graph.Node("cube", "Mul", [graph.Node("square", "Mul", [input, input]), input]);
            var sum = graph.Node("polynomial", "Add", [input, Scaled("scaled_cube", cube, 0.044715)]);
            argument = graph.Node("tanh", "Tanh", [Scaled("argument", sum, Math.Sqrt(2 / Math.PI))]);
        }
        else
            argument = graph.Node("erf", "Erf", [Scaled("argument", input, Math.Sqrt(0.5))]);
        var gate = graph.Node("gate", "Add", [argument, graph.Constant("one", [1f], 1)]);
        return graph.Node("gelu", "Mul", [Scaled("half", input, 0.5), gate]);
    }

    private static string AddMaxPool(OnnxGraphBuilder graph, MaxPool2d layer, string input) => graph.Node("maximum", "MaxPool", [input],
        ("kernel_shape", Two(layer.kernel_size)), ("strides", Two(layer.stride ?? layer.kernel_size)), ("pads", Pads(layer.padding)),
        ("dilations", Two(layer.dilation ?? [1])), ("ceil_mode", layer.ceil_mode ? 1L : 0L));

    private static string AddAveragePool(OnnxGraphBuilder graph, AvgPool2d layer, string input) =>
        graph.Node("average", "AveragePool", [input],
        ("kernel_shape", Two(layer.kernel_size)), ("strides", Two(layer.stride ?? layer.kernel_size)), ("pads", Pads(layer.padding)),
        ("ceil_mode", layer.ceil_mode ? 1L : 0L), ("count_include_pad", layer.count_include_pad ? 1L : 0L));

    // What is no number has no place in the table; it makes the outputs none elsewhere.
    private static string AddEmbedding(OnnxGraphBuilder graph, Embedding layer, string input)
    {
        var number = graph.Node("number", "Where", [graph.Node("none", "IsNaN", [input]), graph.Constant("first", [0f], 1), input]);
        var token = graph.Node("token", "Cast", [graph.Clip("known", number, 0, layer.weight!.shape[0] - 1)],
            ("to", (long)Onnx.TensorProto.Types.DataType.Int64));
        return graph.Node("embedding", "Gather", [graph.Constant("weight", layer.weight), token], ("axis", 0L));
    }

    private static long[] Two(long[] sizes) => sizes.Length == 1 ? [sizes[0], sizes[0]] : sizes;

    private static long[] Pads(long[]? padding) => padding is null ? [0, 0, 0, 0] : [.. Two(padding), .. Two(padding)];
}
