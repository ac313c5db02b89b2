using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MLNet.Sngp.Onnx;

/// <summary>
/// Builds one ONNX model: add inputs, constants, nodes and outputs in order, then take the bytes.
/// The same calls give the same bytes.
/// </summary>
/// <remarks>Opset 12 and ai.onnx.ml 2, so that a graph from ML.NET's own converter can be joined to it.</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The version of the default operator set.</summary>
    public const long OpsetVersion = 12;

    /// <summary>The version of the ai.onnx.ml operator set.</summary>
    public const long MachineLearningOpsetVersion = 2;

    /// <summary>The domain of ONNX's classical machine learning operators.</summary>
    public const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>The name of the batch dimension.</summary>
    public const string BatchDimension = "N";

    private const long IrVersion = 7;
    private const string KeptPrefix = "updatable/";
    private readonly GraphProto _graph;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public OnnxGraph(string name) => _graph = new GraphProto { Name = name };

    /// <summary>Goes on with a graph that there is; it is changed.</summary>
    public OnnxGraph(GraphProto graph)
    {
        _graph = graph;
        _names.UnionWith(graph.Input.Select(input => input.Name));
        _names.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
        _names.UnionWith(graph.Node.SelectMany(node => node.Output));
    }

    /// <summary>What was added so far.</summary>
    public GraphProto Proto => _graph;

    /// <summary>The name of a constant that no node uses, and that a model keeps to learn new rows from.</summary>
    public static string KeptName(string name) => KeptPrefix + name;

    /// <summary>Whether a constant is one of these.</summary>
    public static bool IsKept(string name) => name.StartsWith(KeptPrefix, StringComparison.Ordinal);

    /// <summary>Declares an input of shape [N, <paramref name="width"/>].</summary>
    public string Input(string name, int width, TensorProto.Types.DataType type = TensorProto.Types.DataType.Float)
    {
        Reserve(name);
        _graph.Input.Add(Describe(name, type, width));
        return name;
    }

    /// <summary>Declares an output of shape [N, <paramref name="width"/>]; a node must already give it.</summary>
    public void Output(string name, int width, TensorProto.Types.DataType type = TensorProto.Types.DataType.Float) =>
        _graph.Output.Add(Describe(name, type, width));

    /// <summary>Adds a constant of single precision.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] dimensions) =>
        Add(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), values.Length, dimensions);

    /// <summary>Adds a constant of 64-bit integers.</summary>
    public string Constant(string name, ReadOnlySpan<long> values, params long[] dimensions) =>
        Add(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), values.Length, dimensions);

    /// <summary>Adds a constant of double precision.</summary>
    public string Constant(string name, ReadOnlySpan<double> values, params long[] dimensions) =>
        Add(name, TensorProto.Types.DataType.Double, MemoryMarshal.AsBytes(values), values.Length, dimensions);

    /// <summary>Adds a value of shape [1] as an input with a default; see <see cref="CalibrationInputs"/>.</summary>
    public string Overridable(string name, float defaultValue)
    {
        Constant(name, [defaultValue], 1);
        _graph.Input.Add(new ValueInfoProto { Name = name, Type = TensorType(TensorProto.Types.DataType.Float, [FixedSize(1)]) });
        return name;
    }

    /// <summary>Adds a node with one output and gives the output's name.</summary>
    /// <param name="operation">The operator's name in ONNX.</param>
    /// <param name="output">The name of the output, which must be new.</param>
    /// <param name="inputs">The names of the inputs.</param>
    /// <param name="attributes">The operator's attributes; see <see cref="OnnxAttribute"/>.</param>
    /// <param name="domain">The operator set; empty for ONNX's own.</param>
    public string Node(string operation, string output, string[] inputs, AttributeProto[]? attributes = null, string domain = "") =>
        Nodes(operation, [output], inputs, attributes, domain)[0];

    /// <summary>Adds a node with several outputs and gives their names.</summary>
    /// <inheritdoc cref="Node"/>
    public string[] Nodes(string operation, string[] outputs, string[] inputs, AttributeProto[]? attributes = null, string domain = "")
    {
        Array.ForEach(outputs, Reserve);
        var node = new NodeProto { OpType = operation, Name = outputs[0] + "/" + operation };
        if (domain.Length > 0)
            node.Domain = domain;
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        if (attributes != null)
            node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return outputs;
    }

    /// <summary>
    /// Adds the constants and nodes of another graph, with <paramref name="prefix"/> before their names. What the other
    /// graph takes as inputs, those with defaults included, this graph must already have under the same names.
    /// </summary>
    public void Import(GraphProto other, string prefix)
    {
        var inputs = other.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in inputs)
        {
            if (!_names.Contains(name))
                throw new ArgumentException(
                    $"The graph has no value named '{name}', which is an input of the graph to import.", nameof(other));
        }
        // What a model keeps for updates is of no use in another graph.
        foreach (var tensor in other.Initializer.Where(tensor => !inputs.Contains(tensor.Name) && !IsKept(tensor.Name))
            .Select(tensor => tensor.Clone()))
        {
            tensor.Name = Rename(tensor.Name);
            Reserve(tensor.Name);
            _graph.Initializer.Add(tensor);
        }
        foreach (var node in other.Node.Select(node => node.Clone()))
        {
            node.Name = prefix + node.Name;
            Replace(node.Input);
            Replace(node.Output);
            foreach (var output in node.Output)
                Reserve(output);
            _graph.Node.Add(node);
        }

        string Rename(string name) => inputs.Contains(name) ? name : prefix + name;

        void Replace(Google.Protobuf.Collections.RepeatedField<string> names)
        {
            for (var i = 0; i < names.Count; i++)
            {
                // An empty name stands for an optional value that is left out.
                if (names[i].Length > 0)
                    names[i] = Rename(names[i]);
            }
        }
    }

    /// <summary>The whole model, with <paramref name="metadata"/> in <c>metadata_props</c> in the order given.</summary>
    public ModelProto ToModel(string producer, string producerVersion, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = producer,
            ProducerVersion = producerVersion,
            Graph = _graph.Clone(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OpsetVersion });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = MachineLearningDomain, Version = MachineLearningOpsetVersion });
        foreach (var (key, value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }

    private string Add(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, long count, long[] dimensions)
    {
        if (dimensions.Aggregate(1L, (product, size) => product * size) != count)
            throw new ArgumentException(
                $"Constant '{name}' has {count} values, which do not fill the shape [{string.Join(", ", dimensions)}].",
                nameof(dimensions));
        Reserve(name);
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dimensions);
        _graph.Initializer.Add(tensor);
        return name;
    }

    private void Reserve(string name)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"The graph already has a value named '{name}'.", nameof(name));
    }

    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, int width) =>
        new() { Name = name, Type =
            TensorType(type, [new TensorShapeProto.Types.Dimension { DimParam = BatchDimension }, FixedSize(width)]) };

    private static TensorShapeProto.Types.Dimension FixedSize(long size) => new() { DimValue = size };

    private static TypeProto TensorType(TensorProto.Types.DataType type, TensorShapeProto.Types.Dimension[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions);
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } };
    }
}
