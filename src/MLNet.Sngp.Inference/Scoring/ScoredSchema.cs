using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// The columns of a scored table and where each comes from. A column of the model that has the name of a column of the input
/// stands right after it and hides it, the others at the end, as in ML.NET. Before the model's first column, and hidden by it, stands an
/// <see cref="ExportMark"/>.
/// </summary>
internal sealed class ScoredSchema
{
    private readonly int[] _inputs;
    private readonly int[] _outputs;

    /// <param name="input">The columns of the table.</param>
    /// <param name="source">The one that the others are computed from.</param>
    /// <param name="added">The columns that are added.</param>
    /// <param name="isMarked">Whether <see cref="ExportMark"/> stands before the first of them.</param>
    public ScoredSchema(
        DataViewSchema input, DataViewSchema.Column source, IReadOnlyList<DataViewSchema.DetachedColumn> added, bool isMarked)
    {
        Input = input;
        Source = source;
        var sources = Order(input, added).ToList();
        if (isMarked)
            sources.Insert(sources.FindIndex(column => column.Output == 0), (-1, -1));
        _inputs = [.. sources.Select(column => column.Input)];
        _outputs = [.. sources.Select(column => column.Output)];
        var schema = new DataViewSchema.Builder();
        foreach (var (inputIndex, outputIndex) in sources)
        {
            if (inputIndex >= 0)
                schema.AddColumns([new DataViewSchema.DetachedColumn(input[inputIndex])]);
            else if (outputIndex >= 0)
                schema.AddColumns([added[outputIndex]]);
            else
                schema.AddColumn(added[0].Name, ExportMark.Instance);
        }
        Schema = schema.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Schema { get; }

    /// <summary>The column of the input that the added ones are computed from.</summary>
    public DataViewSchema.Column Source { get; }

    /// <summary>The index of the input's column behind a column, or -1 when it is one of the model's.</summary>
    public int InputOf(int column) => _inputs[column];

    /// <summary>The index of the model's output behind a column, or -1 when it is one of the input's.</summary>
    public int OutputOf(int column) => _outputs[column];

    /// <summary>Whether a column is the <see cref="ExportMark"/>, which has default values.</summary>
    public bool IsMark(int column) => _inputs[column] < 0 && _outputs[column] < 0;

    /// <summary>For each column, whether it is among <paramref name="columns"/>.</summary>
    /// <exception cref="ArgumentException">One of them is not a column of this schema.</exception>
    public bool[] Activate(IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[Schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= Schema.Count || Schema[column.Index].Name != column.Name)
                throw new ArgumentException(
                    $"Column '{column.Name}' (index {column.Index}) is not of this table. Take the columns from the table's own Schema.",
                    nameof(columns));
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The indices of the model's outputs that are active, in order.</summary>
    public int[] ActiveOutputs(bool[] active) =>
        [.. Enumerable.Range(0, active.Length).Where(i => active[i] && _outputs[i] >= 0).Select(i => _outputs[i]).Order()];

    /// <summary>Whether a column of the model is active, so that rows must be scored.</summary>
    public bool IsScored(bool[] active)
    {
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i] && _outputs[i] >= 0)
                return true;
        }
        return false;
    }

    /// <summary>The columns of the input that the active columns take.</summary>
    public List<DataViewSchema.Column> InputColumns(bool[] active)
    {
        var needed = new bool[Input.Count];
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i] && _inputs[i] >= 0)
                needed[_inputs[i]] = true;
        }
        needed[Source.Index] |= IsScored(active);
        return [.. Input.Where(column => needed[column.Index])];
    }

    private static IEnumerable<(int Input, int Output)> Order(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        var rest = Enumerable.Range(0, added.Count).ToList();
        foreach (var column in input)
        {
            yield return (column.Index, -1);
            var hiding = column.IsHidden ? -1 : rest.FindIndex(output => added[output].Name == column.Name);
            if (hiding < 0)
                continue;
            yield return (-1, rest[hiding]);
            rest.RemoveAt(hiding);
        }
        foreach (var output in rest)
            yield return (-1, output);
    }
}
