using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>Joins the graphs of a pipeline's steps and of its model into one.</summary>
/// <param name="names">The names of its inputs and outputs.</param>
/// <param name="version">The version of the default operator set that all parts are taken to.</param>
internal sealed class PipelineGraph(PipelineNames names, long version)
{
    private readonly GraphProto _graph = new() { Name = "pipeline" };
    private readonly Dictionary<string, OperatorSetIdProto> _opsets = new(StringComparer.Ordinal);
    // The value that holds each column now. A column that no step made is an input of the graph.
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<(DataViewSchema.Column, string)>> _made = [];
    private int _steps;

    /// <summary>The columns of each step that was added, with the values that hold them.</summary>
    public IReadOnlyList<IReadOnlyList<(DataViewSchema.Column Column, string Value)>> Made => _made;

    /// <summary>The value that the model takes.</summary>
    public string Features { get; private set; } = "";

    /// <summary>The model's outputs and the values that hold them; of a label with values, the key.</summary>
    public IReadOnlyList<(string Column, string Value)> Outputs { get; private set; } = [];

    /// <summary>Adds a step after those that made the columns that it takes.</summary>
    public void Add(ConvertedStep step)
    {
        var place = FormattableString.Invariant($"{names.InternalPrefix}{++_steps}");
        var prefix = place + "/";
        var graph = step.Graph;
        var inputs = graph.Input.ToDictionary(input => input.Name, ValueOf, StringComparer.Ordinal);
        GraphNames.Rename(graph, name => inputs.GetValueOrDefault(name) ?? prefix + name, prefix);
        Add(graph, step.Opsets);
        foreach (var (column, value) in step.Columns)
            _values[column.Name] = Shape(column, prefix + value, place);
        _made.Add([.. step.Columns.Select(made => (made.Column, _values[made.Column.Name]))]);
    }

    /// <summary>Adds the model, and with it the outputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="proto">Its graph; it becomes part of the whole.</param>
    public void Add(UncertaintyModel model, ModelProto proto)
    {
        var graph = proto.Graph;
        var prefix = names.InternalPrefix + "model/";
        var features = graph.Input.First(input => input.Name == model.FeatureColumnName);
        var taken = ValueOf(features);
        graph.Input.Remove(features);
        // Keys become what they stand for: of the predicted label the class.
        var keys = model.Outputs.Where(output => output.Kind is ColumnKind.Key or ColumnKind.Reason)
            .Select(output => (output.Name, output.KeysIn(model.Labels).Values))
            .Where(key => key.Values != null).ToDictionary(key => key.Name, key => key.Values!, StringComparer.Ordinal);
        GraphNames.Rename(graph, name => name == model.FeatureColumnName ? taken
            : keys.ContainsKey(name) ? Key(name)
            : names.Find(name) ?? prefix + name, prefix);
        Add(graph, proto.OpsetImport);
        _graph.Input.AddRange(graph.Input);
        _graph.Output.AddRange(graph.Output);
        Features = taken;
        Outputs =
            [.. model.Outputs.Select(output => (output.Name, keys.ContainsKey(output.Name) ? Key(output.Name) : names.Find(output.Name)!))];
        foreach (var (name, values) in keys)
            AddValues(name, values);
    }

    /// <summary>The whole, with the metadata of <paramref name="model"/> and of the pipeline.</summary>
    public ModelProto ToModel(ModelProto model)
    {
        var whole = new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName, ProducerVersion =
            model.ProducerVersion, Graph = _graph };
        foreach (var domain in _graph.Node.Select(node => node.Domain).Where(domain => !_opsets.ContainsKey(domain)).Distinct().ToList())
            _opsets[domain] = new OperatorSetIdProto { Domain = domain, Version = 1 };
        var inputs = _graph.Input.OrderBy(input => Place(input.Name)).ToList();
        _graph.Input.Clear();
        _graph.Input.AddRange(inputs);
        whole.OpsetImport.AddRange(_opsets.Values.OrderBy(opset => opset.Domain, StringComparer.Ordinal));
        whole.MetadataProps.AddRange(model.MetadataProps);
        whole.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadata.PipelineKey, Value = names.ToJson() });
        return whole;
    }

    // Columns in the order of the table, what a host may override behind them.
    private int Place(string input) => names.Inputs.ToList().IndexOf(input) is >= 0 and var place ? place : int.MaxValue;

    // What stands for an output that is a key.
    private string Key(string output) => $"{names.InternalPrefix}keys/{output}/key";

    private string ValueOf(ValueInfoProto column)
    {
        if (_values.TryGetValue(column.Name, out var value))
            return value;
        var input = column.Clone();
        // The converter writes -1 for the batch, and the name None for a length that is not known.
        input.Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = OnnxGraph.BatchDimension };
        _graph.Input.Add(input);
        return _values[column.Name] = input.Type.TensorType.Shape.Dim.Count <= 2
            ? column.Name
            : Flatten(column.Name, $"{names.InternalPrefix}input/{column.Name}");
    }

    private void Add(GraphProto graph, IReadOnlyCollection<OperatorSetIdProto> opsets)
    {
        OpsetUpgrade.Apply(graph, OpsetUpgrade.VersionOf(opsets), version);
        _graph.Node.AddRange(graph.Node);
        _graph.Initializer.AddRange(graph.Initializer);
        foreach (var opset in opsets)
        {
            if (!_opsets.TryGetValue(opset.Domain, out var known) || known.Version < opset.Version)
                _opsets[opset.Domain] = opset;
        }
    }

    // What the converter declares is not always what it gives: one-hot encoding gives [N, 1, C] for [N, C], a normaliser single precision
    // for double. And of some operators that it uses, tools do not know the type.
    private string Shape(DataViewSchema.Column column, string value, string place)
    {
        if (TensorTypes.Of(column.Type) is { } type and not TensorProto.Types.DataType.String)
            value = Node("Cast", [value], $"{place}.typed/{column.Name}", OnnxAttribute.Of("to", (long)type));
        return column.Type is VectorDataViewType { IsKnownSize: false } ? value : Flatten(value, $"{place}.column/{column.Name}");
    }

    // To ML.NET a vector of several dimensions is a vector.
    private string Flatten(string value, string name) => Node("Flatten", [value], name, OnnxAttribute.Of("axis", 1));

    private void AddValues(string name, LabelValues values)
    {
        var table = LabelTable.Create($"{names.InternalPrefix}keys/{name}/values", values);
        _graph.Initializer.Add(table);
        var index =
            Node("Cast", [Key(name)], $"{names.InternalPrefix}keys/{name}/index",
                OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Int64));
        Node("Gather", [table.Name, index], names.Find(name)!, OnnxAttribute.Of("axis", 0));
        var output = _graph.Output.First(output => output.Name == Key(name));
        output.Name = names.Find(name)!;
        output.Type.TensorType.ElemType = table.DataType;
    }

    private string Node(string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var name = output.StartsWith(names.InternalPrefix, StringComparison.Ordinal) ? output : names.InternalPrefix + "keys/" + output;
        var node = new NodeProto { OpType = operation, Name = name + "/" + operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }
}
