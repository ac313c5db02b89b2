using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp;

/// <summary>Reads what scoring needs to know from an ONNX graph, and refuses graphs that it cannot score.</summary>
internal static class ModelGraphReader
{
    /// <summary>No table has more features or classes; a file that says so is damaged.</summary>
    public const int MaximumWidth = 1 << 24;

    private static readonly MessageParser<ModelProto> KnownFields = ModelProto.Parser.WithDiscardUnknownFields(true);

    private const string SaveAgain = "Give a file that SaveAsOnnx wrote, whole and unchanged.";

    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> onnx)
    {
        ModelProto model;
        try
        {
            model = KnownFields.ParseFrom(onnx);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException(
                $"This is not an ONNX model, or it is cut short ({onnx.Length} bytes: {exception.Message}). {SaveAgain}", exception);
        }
        if (model.Graph == null || model.Graph.Node.Count == 0)
            throw new ModelFormatException($"This is not an ONNX model: its {onnx.Length} bytes hold no graph. {SaveAgain}");
        RefuseExternalData(model.Graph);
        return model;
    }

    public static Dictionary<string, string> ReadProperties(ModelProto model)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in model.MetadataProps)
            properties[property.Key] = property.Value;
        return properties;
    }

    /// <summary>The number of features: the width of the input named as the feature column.</summary>
    public static int ReadNumberOfFeatures(GraphProto graph, string featureColumnName)
    {
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var inputs = graph.Input.Where(input => !constants.Contains(input.Name)).ToList();
        if (inputs is not [var input] || input.Name != featureColumnName)
            throw new ModelFormatException(
                $"The model's inputs are [{string.Join(", ", inputs.Select(input => input.Name))}]; it should have one, "
                + $"'{featureColumnName}'. {SaveAgain}");
        return Describe(input) is (TensorProto.Types.DataType.Float, var width)
            ? width
            : throw new ModelFormatException(
            $"The model's input '{input.Name}' is not of type float and shape [N, number of features]. {SaveAgain}");
    }

    /// <summary>The columns with the widths of the outputs behind them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="columns">What the metadata says of them.</param>
    /// <param name="classes">The number of classes; 0 where there are none.</param>
    public static IReadOnlyList<OutputColumn> ReadOutputs(GraphProto graph, IReadOnlyList<OutputColumn> columns, int classes) =>
        [.. columns.Select(column => ReadOutput(graph, column, classes))];

    /// <summary>The value of a constant with one element, or null when there is none of that name.</summary>
    public static float? ReadScalar(GraphProto graph, string name)
    {
        var tensor =
            graph.Initializer.FirstOrDefault(tensor => tensor.Name == name && tensor.DataType == (int)TensorProto.Types.DataType.Float);
        return tensor switch
        {
            null => null,
            { RawData.Length: 4 } => BitConverter.ToSingle(tensor.RawData.Span),
            { FloatData.Count: 1 } => tensor.FloatData[0],
            _ => null,
        };
    }

    private static OutputColumn ReadOutput(GraphProto graph, OutputColumn column, int classes)
    {
        var info = graph.Output.FirstOrDefault(output => output.Name == column.Name)
            ?? throw new ModelFormatException($"The model has no output '{column.Name}'. {SaveAgain}");
        if (Describe(info) is not var (type, width)
            || type is not (TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Uint32 or TensorProto.Types.DataType.Bool))
            throw new ModelFormatException(
                $"The model's output '{column.Name}' is not of a type and shape that can become a column. {SaveAgain}");
        if (type != column.ElementType || (!column.IsVector && width != 1) || (column.IsVector && column.HasClassNames && width != classes))
        {
            throw new ModelFormatException(
                $"The model's output '{column.Name}' has {width} elements of type {type} a row, which do not fit the column that its "
                + $"metadata describes or its {classes} classes. {SaveAgain}");
        }
        return column.Kind == ColumnKind.Key && classes == 0
            ? throw new ModelFormatException($"The model's column '{column.Name}' is a key, and its metadata names no classes. {SaveAgain}")
            : column with { Width = width };
    }

    private static (TensorProto.Types.DataType Type, int Width)? Describe(ValueInfoProto info) =>
        info.Type?.TensorType is { Shape.Dim: [_, { DimValue: > 0 and <= MaximumWidth } width] } tensor
            ? ((TensorProto.Types.DataType)tensor.ElemType, (int)width.DimValue)
            : null;

    // A tensor can say that its values lie in another file: a model from a stranger could name any.
    private static void RefuseExternalData(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer)
            RefuseExternalData(tensor);
        foreach (var attribute in graph.Node.SelectMany(node => node.Attribute))
        {
            foreach (var tensor in attribute.Tensors.Concat(attribute.T == null ? [] : [attribute.T]))
                RefuseExternalData(tensor);
            foreach (var inner in attribute.Graphs.Concat(attribute.G == null ? [] : [attribute.G]))
                RefuseExternalData(inner);
        }
    }

    private static void RefuseExternalData(TensorProto tensor)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
            throw new ModelFormatException(
                $"The model's constant '{tensor.Name}' refers to another file, which is not allowed. {SaveAgain}");
    }
}
