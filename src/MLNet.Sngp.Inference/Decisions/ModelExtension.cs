using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Decisions;

/// <summary>A model's graph with more nodes and columns; what it had stays as it was.</summary>
internal sealed class ModelExtension
{
    private readonly ModelProto _proto;
    private readonly List<OutputColumn> _columns;

    /// <param name="model">The model.</param>
    /// <param name="replaced">Columns that are made anew: what makes them now is left out.</param>
    public ModelExtension(UncertaintyModel model, params string[] replaced)
    {
        Model = model;
        _proto = model.ToProto();
        _columns = [.. model.Outputs.Select(column => replaced.Contains(column.Name) ? column with { IsFitted = true } : column)];
        if (replaced.Length > 0)
            GraphCut.To(_proto.Graph, [.. _columns.Select(column => column.Name).Except(replaced)]);
        Graph = new OnnxGraph(_proto.Graph);
    }

    /// <summary>The model that is extended.</summary>
    public UncertaintyModel Model { get; }

    public OnnxGraph Graph { get; }

    /// <summary>Adds a node whose only output is a value named <paramref name="output"/>.</summary>
    public string Node(string operation, string output, string[] inputs, params AttributeProto[] attributes) =>
        Graph.Node(operation, output, inputs, attributes);

    /// <summary>Makes a column of a value that nodes give.</summary>
    public ModelExtension Give(params OutputColumn[] columns)
    {
        foreach (var column in columns)
        {
            _columns.Add(column with { IsFitted = true });
            Graph.Output(column.Name, column.Width, column.ElementType);
        }
        return this;
    }

    /// <summary>Makes a column of single numbers.</summary>
    public ModelExtension GiveSingle(string name) => Give(new OutputColumn(name, ColumnKind.Single));

    public UncertaintyModel ToModel()
    {
        ModelMetadata.SetColumns(_proto, _columns);
        return new UncertaintyModel(_proto);
    }

    /// <summary>One number a row of a column: of a vector the mean over its slots, as in evaluation.</summary>
    public string Number(string prefix, string column) => Model.Outputs.Single(output => output.Name == column).IsVector
        ? Node("ReduceMean", $"{prefix}/{column}/mean", [column], OnnxAttribute.Reduce(1, keepDimension: true))
        : column;

    /// <summary>How many of the elements of a row are true, as Single.</summary>
    public string Count(string truths, string output) => Node("ReduceSum", output,
        [Node("Cast", output + "/numbers", [truths], OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Float))],
        OnnxAttribute.Reduce(1, keepDimension: true));

    /// <summary>0 where all elements of a row are numbers, NaN where one is NaN or infinite.</summary>
    public string Poison(string value, string output) => Node("ReduceSum", output,
        [Node("Sub", output + "/differences", [value, value])], OnnxAttribute.Reduce(1, keepDimension: true));
}
