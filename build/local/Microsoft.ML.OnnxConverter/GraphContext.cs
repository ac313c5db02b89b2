using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>The graph while it grows: which variable holds each column now, and which names are taken.</summary>
internal sealed class GraphContext
{
    public const string MachineLearning = "ai.onnx.ml";
    private readonly GraphProto _graph = new() { Name = "model" };
    private readonly Dictionary<string, string> _variableOfColumn = new();
    private readonly HashSet<string> _variables = new();
    private readonly HashSet<string> _nodes = new();

    /// <summary>The variable that holds a column, or null.</summary>
    public string Find(string column) => _variableOfColumn.GetValueOrDefault(column);

    public void AddInput(DataViewType type, string column) => _graph.Input.Add(Info(type, Name(column)));

    public void AddOutput(DataViewType type, string variable) => _graph.Output.Add(Info(type, variable));

    /// <summary>A new variable, which from now on holds the column of that name. Without a type the runtime infers it.</summary>
    public string AddVariable(DataViewType type, string column)
    {
        var name = Name(column);
        if (type != null)
            _graph.ValueInfo.Add(Info(type, name));
        return name;
    }

    /// <summary>Forgets a column that could not be written.</summary>
    public void Remove(string column, bool withVariable)
    {
        if (withVariable && _graph.ValueInfo.FirstOrDefault(info => info.Name == _variableOfColumn[column]) is { } variable)
            _graph.ValueInfo.Remove(variable);
        _variableOfColumn.Remove(column);
    }

    /// <summary>The size of a variable's second dimension.</summary>
    public int Width(string variable) => checked((int)_graph.Input.Concat(_graph.ValueInfo).Concat(_graph.Output)
        .First(info => info.Name == variable).Type.TensorType.Shape.Dim[1].DimValue);

    public string AddText(string value, string name)
    {
        name = Name(name);
        _graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)TensorProto.Types.DataType.String, Dims = { 1, 1 }, StringData = { ByteString.CopyFromUtf8(value) },
        });
        return name;
    }

    public NodeProto AddNode(string type, string domain, string input, string output) => AddNode(type, domain, new[] { input }, output);

    public NodeProto AddNode(string type, string domain, IEnumerable<string> inputs, string output)
        => AddNamedNode(type, domain, Unique(type, _nodes), inputs, output);

    public NodeProto AddNamedNode(string type, string domain, string name, IEnumerable<string> inputs, string output)
    {
        var node = new NodeProto { OpType = type, Domain = domain, Name = name, Input = { inputs }, Output = { output } };
        _nodes.Add(name);
        _graph.Node.Add(node);
        return node;
    }

    public ModelProto ToModel(int opset) => new()
    {
        IrVersion = 6,
        ProducerName = "ML.NET",
        ProducerVersion = "0",
        Domain = "machinelearning.dotnet",
        ModelVersion = 0,
        Graph = _graph,
        OpsetImport =
        {
            new OperatorSetIdProto { Domain = MachineLearning, Version = 2 },
            new OperatorSetIdProto { Domain = "", Version = opset },
        },
    };

    private string Name(string column)
    {
        var name = Unique(column, _variables);
        _variables.Add(name);
        _variableOfColumn[column] = name;
        return name;
    }

    // The first of "name", "name0", "name1", … that is free.
    private static string Unique(string name, HashSet<string> taken)
    {
        if (!taken.Contains(name))
            return name;
        int count = 0;
        while (taken.Contains(name + count))
            count++;
        return name + count;
    }

    // The first dimension is the batch's, of any size: -1.
    private static ValueInfoProto Info(DataViewType type, string name)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = -1 } } };
        int count = type.GetValueCount();
        if (count == 0)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "None" });
        else
            foreach (int size in count > 1 ? ((VectorDataViewType)type).Dimensions.ToArray() : new[] { 1 })
                shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)NodeAttributes.TypeOf(type.GetItemType().RawType), Shape = shape } },
        };
    }
}
