using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace MLNet.Sngp.Onnx;

/// <summary>Compares a pipeline with the graph that was made of it, and refuses the graph where it gives other values.</summary>
/// <param name="Steps">All steps before the model.</param>
/// <param name="Model">The model's step.</param>
/// <param name="Converted">The steps that are in the graph, in order, each with its columns and the graph's values that hold them.</param>
/// <param name="Graph">The graph.</param>
/// <param name="Features">The value that the model takes.</param>
/// <param name="Outputs">The model's outputs and the graph's values that hold them; of the label the key.</param>
/// <param name="Rows">The rows to compare on.</param>
/// <remarks>
/// ML.NET's converter makes wrong graphs of some steps without a word. The features are compared with the pipeline's, and the outputs with
/// what the model gives for the graph's own features: a network may turn a rounding of its input into any difference.
/// A row at which the pipeline throws is left out.
/// </remarks>
internal sealed record PipelineCheck(
    IReadOnlyList<PipelineStep> Steps,
    PipelineStep Model,
    IReadOnlyList<(PipelineStep Step, IReadOnlyList<(DataViewSchema.Column Column, string Value)> Columns)> Converted,
    CheckedGraph Graph,
    string Features,
    IReadOnlyList<(string Column, string Value)> Outputs,
    CheckRows Rows)
{
    private const double Tolerance = 1e-4;
    private const double Rounding = 3e-7;

    /// <exception cref="NotSupportedException">The graph gives other values; the message names the step, the row and the
    /// remedy.</exception>
    public void ThrowIfDifferent()
    {
        var transformer = (SngpTransformer)Model.Transformer;
        List<int> all = [.. Enumerable.Range(0, Rows.Count)];
        var wanted = Pipeline(transformer.FeatureColumnName, Steps.Count, all);
        List<int> rows = [.. all.Where(row => wanted[row] != null)];
        var given = Try(() => Graph.Compute([Features, .. Outputs.Select(output => output.Value)], Rows, rows), out var error);
        if (given is null)
            throw Unloadable(error!);
        List<int> different =
            [.. Enumerable.Range(0, rows.Count).Where(i => given[i].Values is not { } values || !GiveTheSame(wanted[rows[i]]!, values[0]))];
        if (different.Count > 0)
            throw Different([.. different.Select(i => rows[i])], given[different[0]].Error);
        CheckOutputs(transformer, rows, [.. given.Select(row => row.Values!)]);
    }

    private void CheckOutputs(SngpTransformer transformer, List<int> rows, List<object[][]> given)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(transformer.FeatureColumnName, transformer.FeatureColumnType);
        var schema = builder.ToSchema();
        var features = new CheckColumn<float>(schema[0]);
        foreach (var row in given)
            features.Add([.. row[0].Cast<float>()]);
        var scored = transformer.Transform(CheckRows.Of(schema, features).ToDataView([.. Enumerable.Range(0, given.Count)]));
        var wanted = Outputs.Select(output => Read(scored, output.Column)).ToList();
        for (var i = 0; i < given.Count; i++)
        {
            for (var j = 0; j < Outputs.Count; j++)
            {
                if (Difference(wanted[j][i], given[i][j + 1]) is >= 0 and var slot)
                {
                    throw new NotSupportedException(
                        $"{Model} gives other values in the joined graph than in ML.NET: for {Rows.Describe(rows[i])}, "
                        + $"{Outputs[j].Column} is {Text(wanted[j][i], slot)} in the pipeline and {Text(given[i][j + 1], slot)} in the "
                        + "graph. Save the model alone with SaveAsOnnx of the transformer, and apply the steps before it to the data.");
                }
            }
        }
    }

    // The first step whose columns differ at one of the rows; the last, where columns of unknown length hide it.
    private NotSupportedException Different(List<int> rows, Exception? error)
    {
        foreach (var (step, columns) in Converted)
        {
            var given = Try(() => Graph.Compute(ValuesOf(columns), Rows, rows), out _);
            for (var j = 0; given != null && j < columns.Count; j++)
            {
                var wanted = Pipeline(columns[j].Column.Name, Steps.ToList().IndexOf(step) + 1, rows);
                for (var i = 0; i < rows.Count; i++)
                {
                    if (wanted[i] is not { } expected)
                        continue;
                    if (given[i].Values is not { } values)
                        return Message(step, columns[j].Column.Name, rows[i], $"the graph fails ({given[i].Error!.Message})");
                    if (Difference(expected, values[j]) is >= 0 and var slot)
                        return Message(step, columns[j].Column.Name, rows[i],
                            $"it is {Text(expected, slot)} in the pipeline and {Text(values[j], slot)} in the graph");
                }
            }
        }
        var last = Converted[^1];
        return Message(last.Step, last.Columns[0].Column.Name, rows[0], error is null
            ? "pipeline and graph differ"
            : $"the graph fails ({error.Message})");
    }

    private NotSupportedException Unloadable(Exception error)
    {
        var step = Converted.FirstOrDefault(converted => Try(() => Graph.Compute(ValuesOf(converted.Columns), Rows, [0]), out _) is null)
            .Step ?? Model;
        return new NotSupportedException(
            $"ONNX Runtime cannot load on this machine what ML.NET's converter makes of {step} ({error.Message}). "
            + Remedies.For(step.Transformer), error);
    }

    private static List<string> ValuesOf(IEnumerable<(DataViewSchema.Column Column, string Value)> columns) =>
        [.. columns.Select(column => column.Value)];

    private NotSupportedException Message(PipelineStep step, string column, int row, string difference) => new(
        $"{step} gives other values in ONNX than in ML.NET, by a fault of ML.NET's converter: for {Rows.Describe(row)}, of column "
        + $"'{column}' {difference}. "
        + Remedies.For(step.Transformer));

    private static IReadOnlyList<(object[][]? Values, Exception? Error)>? Try(
        Func<IReadOnlyList<(object[][]?, Exception?)>> compute, out Exception? error)
    {
        try
        {
            error = null;
            return compute();
        }
        catch (OnnxRuntimeException exception)
        {
            error = exception;
            return null;
        }
    }

    // What the first steps make of a column; null for a row at which they throw.
    private object[]?[] Pipeline(string column, int steps, IReadOnlyList<int> rows)
    {
        try
        {
            return [.. Read(Apply(rows, steps), column)];
        }
        catch (Exception exception) when (rows.Count > 1 && exception is not OutOfMemoryException)
        {
            return [.. rows.Select(row => Pipeline(column, steps, [row])[0])];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [null];
        }
    }

    private IDataView Apply(IReadOnlyList<int> rows, int steps) =>
        Steps.Take(steps).Aggregate(Rows.ToDataView(rows), (data, step) => step.Transformer.Transform(data));

    private static List<object[]> Read(IDataView data, string name)
    {
        var values = CheckColumn.Create(data.Schema[name]);
        using (var cursor = data.GetRowCursor([data.Schema[name]]))
        {
            var read = values.ReadFrom(cursor);
            while (cursor.MoveNext())
                read();
        }
        return [.. Enumerable.Range(0, values.Count).Select(values.Elements)];
    }

    /// <summary>The first element that differs, or -1.</summary>
    /// <remarks>Rounding grows with the largest number of a row where numbers of a row are added up.</remarks>
    private static int Difference(object[] wanted, object[] given)
    {
        var rounding = Rounding * wanted.OfType<float>().Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < Math.Max(wanted.Length, given.Length); i++)
        {
            if (i >= wanted.Length || i >= given.Length || !AreSame(wanted[i], given[i], rounding))
                return i;
        }
        return -1;
    }

    // All that the model gives is NaN where one feature is, wherever it stands.
    private static bool GiveTheSame(object[] wanted, object[] given) =>
        Difference(wanted, given) < 0 || (wanted.Contains(float.NaN) && given.Contains(float.NaN));

    private static bool AreSame(object wanted, object given, double rounding) => (wanted, given) switch
    {
        (float x, float y) => AreClose(x, y, rounding),
        (double x, double y) => AreClose(x, y, rounding),
        (ReadOnlyMemory<char> x, string y) => x.Span.SequenceEqual(y),
        _ => wanted.Equals(given),
    };

    private static bool AreClose(double wanted, double given, double rounding) =>
        wanted.Equals(given) || Math.Abs(wanted - given) <= (Tolerance * (1 + Math.Abs(wanted))) + rounding;

    private static string Text(object[] elements, int slot) => slot < elements.Length
        ? CheckColumn.Text(elements[slot]) + (elements.Length > 1 ? FormattableString.Invariant($" at slot {slot}") : "")
        : FormattableString.Invariant($"of length {elements.Length}");
}
