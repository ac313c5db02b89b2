namespace MLNet.Sngp.Onnx;

/// <summary>
/// λ and T of a model's graph as inputs with defaults, which a host may feed, or as plain constants. ONNX Runtime warns about each such
/// input whenever the file is opened, so a model holds constants, and only an export that asks for inputs has them.
/// </summary>
internal static class CalibrationInputs
{
    private static readonly string[] Names = [ColumnNames.MeanFieldFactor, ColumnNames.Temperature];

    /// <summary>Makes constants of all inputs with defaults; files of older versions have them.</summary>
    public static void Remove(GraphProto graph)
    {
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = graph.Input.Count - 1; i >= 0; i--)
        {
            if (constants.Contains(graph.Input[i].Name))
                graph.Input.RemoveAt(i);
        }
    }

    /// <summary>Makes inputs, with their values as defaults, of those that <paramref name="model"/> has.</summary>
    /// <returns><paramref name="model"/> itself.</returns>
    public static ModelProto Add(ModelProto model)
    {
        foreach (var constant in Names.Select(name => model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name))
            .OfType<TensorProto>())
        {
            var shape = new TensorShapeProto();
            shape.Dim.AddRange(constant.Dims.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
            var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = constant.DataType, Shape = shape } };
            model.Graph.Input.Add(new ValueInfoProto { Name = constant.Name, Type = type });
        }
        return model;
    }
}
