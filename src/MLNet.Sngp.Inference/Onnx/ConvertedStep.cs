using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Onnx;

/// <summary>The graph that ML.NET's converter makes of one step.</summary>
/// <param name="Graph">The graph, cut down to what its columns need.</param>
/// <param name="Opsets">The operator sets that it uses.</param>
/// <param name="Columns">The columns that it gives, each with the value that holds it.</param>
internal sealed record ConvertedStep(
    GraphProto Graph, IReadOnlyList<OperatorSetIdProto> Opsets, IReadOnlyList<(DataViewSchema.Column Column, string Value)> Columns)
{
    /// <summary>
    /// Whether the graph is right for one row at a time only, as ML.NET runs it: it puts 1 for the size of the batch
    /// (<c>TokenizeIntoWords</c>) or takes the batch dimension away (<c>RemoveStopWords</c>).
    /// </summary>
    public bool HoldsForOneRow => Graph.Node.Any(node => node switch
    {
        { OpType: "Reshape" } => Graph.Initializer.Any(tensor => tensor.Name == node.Input[1] && tensor.Int64Data is [1, ..]),
        { OpType: "Squeeze", Attribute: [{ Name: "axes", Ints: [0] }] } => true,
        _ => false,
    });

    /// <summary>Converts <paramref name="step"/> as far as it makes <paramref name="names"/>.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">The columns before the step, no two of the same name.</param>
    /// <param name="names">The columns to make of it.</param>
    /// <exception cref="NotSupportedException">ML.NET cannot convert it.</exception>
    /// <remarks>
    /// The converter walks back from the last view to the first that it cannot convert, writes a warning to the log, forgets all
    /// that came before, and then takes a column of the same name for what it forgot. So each step is converted alone, with a log
    /// of its own, in which a warning means that something is missing.
    /// </remarks>
    public static ConvertedStep Convert(PipelineStep step, DataViewSchema input, IReadOnlyCollection<string> names)
    {
        if ((JoinedOnnxModel.TryConvert(step, input, names) ?? PixelExtraction.TryConvert(step, input, names)) is { } own)
            return own;
        var context = new MLContext();
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error)
                warnings.Add(message.RawMessage);
        };
        var view = SchemaOnlyView.OfTensors(input);
        ConvertedStep? converted;
        try
        {
            using var stream = new MemoryStream();
            context.Model.ConvertToOnnx(step.Transformer, view, stream, [.. names]);
            var made = step.Transformer.GetOutputSchema(view.Schema).Where(column => !column.IsHidden && names.Contains(column.Name))
                .ToList();
            converted = Read(ModelProto.Parser.ParseFrom(stream.ToArray()), made);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var leftOut = input.Select(column => column.Name).Except(view.Schema.Select(column => column.Name)).ToList();
            if (leftOut.Count > 0)
                warnings.Add($"(It was not shown columns that tensors cannot hold: {string.Join(", ", leftOut)}.)");
            throw Unsupported(step, names, string.Join(" ", [exception.Message, .. warnings]), exception);
        }
        return converted != null && warnings.Count == 0 ? converted : throw Unsupported(step, names, string.Join(" ", warnings));
    }

    /// <summary>Reads what the converter wrote; null when it left out one of <paramref name="columns"/> or made a constant of it.</summary>
    internal static ConvertedStep? Read(ModelProto model, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var graph = model.Graph;
        var dependencies = new GraphDependencies(graph);
        // The outputs stand in the order of the columns. Those that only carry slot names stand between them.
        var values = graph.Output.Select(output => output.Name).Where(name => !IsUnused(name)).Select(SourceOf).ToList();
        var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        if (values.Count != columns.Count
            || values.Exists(value => inputs.Contains(value) || !dependencies.Reach([value]).Overlaps(inputs)))
            return null;
        return Cut(graph, model.OpsetImport, [.. columns.Zip(values)]);

        // Each output is an Identity of the column's value.
        string SourceOf(string output) => dependencies.MakerOf(output) is { OpType: "Identity", Domain: "" } identity
            ? identity.Input[0]
            : output;
    }

    /// <summary>A graph cut down to what its columns need.</summary>
    internal static ConvertedStep Cut(
        GraphProto graph, IReadOnlyList<OperatorSetIdProto> opsets, IReadOnlyList<(DataViewSchema.Column Column, string Value)> columns)
    {
        var needed = GraphCut.To(graph, [.. columns.Select(column => column.Value)]);
        GraphCut.Keep(graph.Input, info => needed.Contains(info.Name));
        graph.Output.Clear();
        // Declared shapes are not all true: one-hot encoding declares [N, C] and gives [N, 1, C].
        graph.ValueInfo.Clear();
        FreeBatchSize(graph);
        return new ConvertedStep(graph, opsets, columns);
    }

    // Slots are picked by GatherElements with indices of shape [1, S], which gives the first row alone. Gather gives all rows.
    private static void FreeBatchSize(GraphProto graph)
    {
        var indices = graph.Initializer.Where(tensor => tensor.Dims is [1, _]).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node is { OpType: "GatherElements", Attribute: [{ Name: "axis", I: 1 }] }))
        {
            if (!indices.Remove(node.Input[1], out var slots))
                continue;
            slots.Dims.RemoveAt(0);
            node.OpType = "Gather";
        }
    }

    private static bool IsUnused(string output) =>
        output.StartsWith("mlnet.", StringComparison.Ordinal) && output.EndsWith(".unusedOutput", StringComparison.Ordinal);

    private static NotSupportedException Unsupported(
        PipelineStep step, IEnumerable<string> names, string reason, Exception? exception = null) => new(
        $"{step} cannot be converted to ONNX, and the features are made of its column "
        + $"{string.Join(", ", names.Select(name => $"'{name}'"))}. "
        + (reason.Length > 0 ? $"ML.NET says: {reason} " : "")
        + Remedies.For(step.Transformer) + " Or take a transform that ML.NET documents as exportable to ONNX. "
        + "The model without the steps before it can be saved with SaveAsOnnx of the transformer itself.", exception);
}
