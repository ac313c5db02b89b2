using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace MLNet.Sngp.Onnx;

/// <summary>Rows on which a pipeline and its graph are compared: some of a table, and odd ones made from them.</summary>
internal sealed class CheckRows
{
    /// <summary>How many rows of the table are taken.</summary>
    public const int SampleRows = 48;

    /// <summary>How many rows are made at most, those of the table included.</summary>
    public const int MaximumRows = 256;

    // So many elements are held at most, for features may be pictures.
    private const long MaximumElements = 1 << 22;

    private readonly DataViewSchema _schema;
    private readonly IReadOnlyList<CheckColumn> _columns;
    private readonly List<int[]> _rows = [];
    private readonly int _samples;

    private CheckRows(DataViewSchema schema, IReadOnlyList<CheckColumn> columns, int samples) => (_schema, _columns, _samples) =
        (schema, columns, samples);

    public int Count => _rows.Count;

    /// <summary>Whether rows can share tensors.</summary>
    public bool CanBeBatched => _columns.All(column => column.HasKnownSize);

    /// <summary>Reads the first rows of <paramref name="table"/> and makes odd ones from them.</summary>
    /// <param name="table">A table with the columns of <paramref name="schema"/>, and perhaps without rows.</param>
    /// <param name="schema">The columns that the rows have, no two of the same name.</param>
    /// <param name="inputs">Those of them that the graph takes; the others hold nothing.</param>
    public static CheckRows Create(IDataView table, DataViewSchema schema, IReadOnlyList<string> inputs)
    {
        var columns = inputs.Select(name => CheckColumn.Create(table.Schema[name])).ToList();
        var width =
            inputs.Sum(name => table.Schema[name].Type is Microsoft.ML.Data.VectorDataViewType vector ? Math.Max(1L, vector.Size) : 1);
        var most = (int)Math.Clamp(MaximumElements / Math.Max(1, width), 4, MaximumRows);
        using (var cursor = table.GetRowCursor(inputs.Select(name => table.Schema[name])))
        {
            var readers = columns.ConvertAll(column => column.ReadFrom(cursor));
            for (var i = 0; i < Math.Min(SampleRows, most) && cursor.MoveNext(); i++)
                readers.ForEach(read => read());
        }
        var samples = Math.Max(1, columns.Select(column => column.Count).DefaultIfEmpty().Max());
        columns.ForEach(column => column.AddOdd());
        var rows = new CheckRows(schema, columns, samples);
        rows.AddRows(most);
        return rows;
    }

    /// <summary>One row for each value of <paramref name="column"/>.</summary>
    public static CheckRows Of(DataViewSchema schema, CheckColumn column)
    {
        var rows = new CheckRows(schema, [column], column.Count);
        rows.AddRows(column.Count);
        return rows;
    }

    /// <summary>The rows of these numbers as a table.</summary>
    public IDataView ToDataView(IReadOnlyList<int> rows) => new CheckRowsView(_schema, _columns, [.. rows.Select(row => _rows[row])]);

    /// <summary>The rows of these numbers as the inputs of the graph.</summary>
    public IReadOnlyCollection<NamedOnnxValue> ToTensors(IReadOnlyList<int> rows) =>
        [.. _columns.Select((column, i) => column.Tensor([.. rows.Select(row => _rows[row][i])]))];

    /// <summary>A row for a reader: the columns that are not as in the table.</summary>
    public string Describe(int row)
    {
        var odd = _columns.Select((column, i) => (Column: column, Value: _rows[row][i])).Where(pair => pair.Value >= _samples).ToList();
        var told = odd.Count > 0 ? odd : [.. _columns.Select((column, i) => (Column: column, Value: _rows[row][i]))];
        return (odd.Count > 0 ? "a row with " : "the sample row with ")
            + string.Join(", ", told.Take(3).Select(pair => $"{pair.Column.Name} = {pair.Column.Describe(pair.Value)}"))
            + (told.Count > 3 ? ", …" : "");
    }

    private void AddRows(int most)
    {
        for (var i = 0; i < _samples && _rows.Count < most; i++)
            _rows.Add([.. _columns.Select(_ => i)]);
        var kinds = _columns.Select(column => column.Count - _samples).DefaultIfEmpty().Max();
        // All columns at once, for the case that there are more columns than rows; then one column after another.
        for (var kind = 0; kind < kinds && _columns.Count > 1 && _rows.Count < most; kind++)
            _rows.Add([.. _columns.Select(column => Odd(column, kind) ?? 0)]);
        for (var kind = 0; kind < kinds; kind++)
        {
            for (var i = 0; i < _columns.Count && _rows.Count < most; i++)
            {
                if (Odd(_columns[i], kind) is { } odd)
                    _rows.Add([.. _columns.Select((_, j) => j == i ? odd : _rows.Count % _samples)]);
            }
        }
    }

    private int? Odd(CheckColumn column, int kind) => _samples + kind < column.Count ? _samples + kind : null;
}
