using System.Runtime.InteropServices;
using MLNet.Sngp.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Takes the nodes and constants of modules that write themselves into an ONNX graph of opset 12.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class OnnxGraphBuilder
{
    private readonly State _state;
    private readonly string _scope;

    internal OnnxGraphBuilder(OnnxGraph graph)
        : this(new State(graph), "")
    {
    }

    private OnnxGraphBuilder(State state, string scope) => (_state, _scope) = (state, scope);

    /// <summary>Fixes the masks of the pass whose thinned network is written; null writes the whole network.</summary>
    internal SeededRandom? Thinning => _state.Thinning;

    /// <summary>The magnitude that values between layers are kept within; null where the input's limit suffices.</summary>
    internal float? LayerLimit
    {
        get => _state.LayerLimit;
        set => _state.LayerLimit = value;
    }

    internal OnnxGraph Graph => _state.Graph;

    /// <summary>Adds a node with one output.</summary>
    /// <param name="name">What the output's name ends with; a number is added where it is taken.</param>
    /// <param name="operation">The operator's name in ONNX, opset 12.</param>
    /// <param name="inputs">The names of the values that it takes.</param>
    /// <param name="attributes">Names and values: <see cref="long"/>, <see cref="float"/>, <see cref="string"/> or an array of
    /// <see cref="long"/>.</param>
    /// <returns>The name of the output.</returns>
    /// <exception cref="ArgumentException">An attribute's value is of another type.</exception>
    public string Node(string name, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return _state.Graph.Node(operation, _state.Unused(_state.Prefix + _scope + name), inputs, Array.ConvertAll(attributes, Attribute));
    }

    /// <summary>Adds a constant of single precision. The same name within a module stands for the same values.</summary>
    /// <param name="name">The constant's name within the module.</param>
    /// <param name="values">A tensor of numbers on any device.</param>
    /// <returns>The name of the value.</returns>
    public string Constant(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Once(name, full =>
        {
            using var scope = NewDisposeScope();
            var single = values.detach().to(ScalarType.Float32).cpu().contiguous();
            _state.Graph.Constant(full, MemoryMarshal.Cast<byte, float>(single.bytes), single.shape);
        });
    }

    /// <summary>Adds a constant of 64-bit integers, shape [length]. The same name within a module stands for the same values.</summary>
    /// <param name="name">The constant's name within the module.</param>
    /// <param name="values">The integers.</param>
    /// <returns>The name of the value.</returns>
    public string Constant(string name, long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Once(name, full => _state.Graph.Constant(full, values, values.Length));
    }

    /// <summary>The same graph for a part of a module, whose names it puts the part's name before.</summary>
    /// <param name="part">The name of the part.</param>
    /// <returns>The builder to hand on.</returns>
    public OnnxGraphBuilder Within(string part) => new(_state, $"{_scope}{part}/");

    /// <summary>A constant of single precision, shape [] or [length].</summary>
    internal string Constant(string name, float[] values, params long[] shape) =>
        Once(name, full => _state.Graph.Constant(full, values, shape));

    /// <summary>A constant that no other module and no other pass shares.</summary>
    internal string OwnConstant(string name, float[] values, params long[] shape) =>
        _state.Graph.Constant(_state.Unused(_state.Prefix + _scope + name), values, shape);

    /// <summary>factor·Σ v over the last dimension, which stays as 1.</summary>
    /// <remarks>
    /// A matrix product, because ONNX Runtime's own sums start where the memory is aligned and so depend on a row's place in its batch
    /// (a few units in the last place).
    /// </remarks>
    internal string RowSum(string name, string values, long width, double factor = 1)
    {
        var factors = new float[width];
        Array.Fill(factors, (float)factor);
        return Node(name, "MatMul", [values, Constant(name + "/factors", factors, width, 1)]);
    }

    /// <summary>x·W + b for a matrix x.</summary>
    internal string Dense(string name, string input, Tensor weight, Tensor bias) =>
        Node(name, "Gemm", [input, Constant(name + "/weight", weight), Constant(name + "/bias", bias)]);

    /// <summary>The values within the limit between layers, where one is needed.</summary>
    internal string WithinLimit(string value) => LayerLimit is { } limit ? Clip("bounded", value, limit) : value;

    /// <summary>The values within ±limit.</summary>
    internal string Clip(string name, string value, float limit) => Clip(name, value, -limit, limit);

    internal string Clip(string name, string value, float minimum, float maximum) =>
        Node(name, "Clip", [value, Constant(name + "/minimum", [minimum]), Constant(name + "/maximum", [maximum])]);

    /// <summary>From now on nodes are of a pass: their names begin with it, and dropout multiplies by masks that are drawn here.</summary>
    internal void BeginPass(string prefix, SeededRandom? thinning) => (_state.Prefix, _state.Thinning) = (prefix, thinning);

    private string Once(string name, Action<string> add)
    {
        var full = _scope + name;
        if (_state.Constants.Add(full))
            add(full);
        return full;
    }

    private static AttributeProto Attribute((string Name, object Value) attribute) => attribute.Value switch
    {
        long number => OnnxAttribute.Of(attribute.Name, number),
        int number => OnnxAttribute.Of(attribute.Name, (long)number),
        float number => OnnxAttribute.Of(attribute.Name, number),
        string text => OnnxAttribute.Of(attribute.Name, text),
        long[] numbers => OnnxAttribute.Of(attribute.Name, numbers),
        var other => throw new ArgumentException(
        $"The attribute '{attribute.Name}' is of type {other?.GetType()}; give a long, float, string or long[].", nameof(attribute)),
    };

    private sealed class State(OnnxGraph graph)
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public OnnxGraph Graph { get; } = graph;

        public HashSet<string> Constants { get; } = new(StringComparer.Ordinal);

        public string Prefix { get; set; } = "";

        public SeededRandom? Thinning { get; set; }

        public float? LayerLimit { get; set; }

        public string Unused(string name)
        {
            var count = _counts.GetValueOrDefault(name);
            _counts[name] = count + 1;
            return count == 0 ? name : FormattableString.Invariant($"{name}_{count}");
        }
    }
}
