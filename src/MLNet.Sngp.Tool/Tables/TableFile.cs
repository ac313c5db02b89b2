using System.Globalization;
using DuckDB.NET.Data;

namespace MLNet.Sngp.Tool.Tables;

/// <summary>A table in a file, read by DuckDB: CSV, TSV, Parquet or JSON lines, by the ending of its name.</summary>
internal sealed class TableFile
{
    public const string Connection = "DataSource=:memory:";

    private static readonly string[] MissingTexts = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", " ?"];

    private readonly string _reader;
    private readonly string _options;

    /// <param name="path">The file.</param>
    /// <param name="decimalComma">Whether numbers have a comma; <see langword="null"/> to find out.</param>
    public TableFile(string path, bool? decimalComma = null)
    {
        Path = path;
        if (!File.Exists(path))
            throw new ToolException($"{path}: there is no such file.");
        if (new FileInfo(path).Length == 0)
            throw new ToolException($"{path}: the file is empty.");
        _reader = System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PARQUET" => "read_parquet",
            ".JSONL" or ".NDJSON" or ".JSON" => "read_json",
            _ => "read_csv",
        };
        DecimalComma = decimalComma == true && IsCsv;
        _options = IsCsv ? (DecimalComma ? ", decimal_separator=','" : "")
            + $", header=true, skip=0, nullstr=[{string.Join(", ", MissingTexts.Select(Sql.Text))}]" : "";
        Columns = Describe();
        if (decimalComma != null || !IsCsv || !HasNumbersWithCommas())
            return;
        DecimalComma = true;
        _options += ", decimal_separator=','";
        Columns = Describe();
    }

    public string Path { get; }

    /// <summary>Gets the names of the columns and the types that DuckDB inferred from all rows.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns { get; }

    /// <summary>Gets a value indicating whether numbers have a decimal comma.</summary>
    public bool DecimalComma { get; }

    private bool IsCsv => _reader == "read_csv";

    /// <summary>What stands after FROM to read the good rows, with the given types of columns.</summary>
    public string From(IEnumerable<ColumnPlan> columns) => Call(Types(columns) + (IsCsv ? ", ignore_errors=true" : ""));

    /// <summary>Reads all rows once and gives those that cannot be used, with the reason.</summary>
    public IReadOnlyList<RejectedRow> FindRejected(IReadOnlyList<ColumnPlan> columns, CancellationToken cancellation = default)
    {
        using var connection = Open();
        List<RejectedRow> rejected = [];
        if (IsCsv)
        {
            Query(connection, $"SELECT count(COLUMNS(*)) FROM {Call(Types(columns) + ", store_rejects=true")}", _ => { }, cancellation);
            // A line with several mistakes is one row, with the first of them.
            Query(connection, "SELECT line, column_name, error_message, csv_line FROM reject_errors "
                + "QUALIFY row_number() OVER (PARTITION BY line ORDER BY column_idx) = 1 ORDER BY line", row => rejected.Add(new(
                Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), Text(row, 1), OneLine(Text(row, 2)), Text(row, 3))));
        }
        var conditions = columns.Where(column => column.IsBad != null).ToList();
        if (conditions.Count == 0)
            return rejected;
        var names = string.Concat(conditions.Select(column => $" WHEN {column.IsBad} THEN {Sql.Text(column.Name)}"));
        var values = string.Concat(conditions.Select(column => $" WHEN {column.IsBad} THEN {column.AsText}"));
        var line = string.Join(", ", columns.Select(column => column.AsText));
        Query(connection, $"SELECT CASE{names} END, CASE{values} END, concat_ws(',', {line}) FROM {From(columns)} "
            + $"WHERE {string.Join(" OR ", conditions.Select(column => column.IsBad))}", row => rejected.Add(new(
            null, Text(row, 0), $"'{Text(row, 1)}' is no finite number or date", Text(row, 2))), cancellation);
        return rejected;
    }

    public static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection(Connection);
        connection.Open();
        return connection;
    }

    public static void Query(
        DuckDBConnection connection, string sql, Action<DuckDBDataReader> read, CancellationToken cancellation = default)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        using var registration = cancellation.Register(command.Cancel);
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                read(reader);
        }
        catch (DuckDBException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        cancellation.ThrowIfCancellationRequested();
    }

    private static string Text(DuckDBDataReader row, int index) =>
        row.IsDBNull(index) ? "" : Convert.ToString(row.GetValue(index), CultureInfo.InvariantCulture) ?? "";

    private static string OneLine(string message) => message.Split('\n')[0].Trim();

    private string Types(IEnumerable<ColumnPlan> columns)
    {
        var there = Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var types = columns.Where(column => there.Contains(column.Name)).Select(column => $"{Sql.Text(column.Name)}: '{column.StoredAs}'");
        return IsCsv ? $", types={{{string.Join(", ", types)}}}" : "";
    }

    private string Call(string more) => $"{_reader}({Sql.Text(Escape(Path))}{_options}{more})";

    // DuckDB takes names for patterns of many files.
    private static string Escape(string path) =>
        string.Concat(path.Select(character => character is '[' or '*' or '?' ? $"[{character}]" : character.ToString()));

    private bool HasNumbersWithCommas()
    {
        var texts = Columns.Where(column => column.Type == "VARCHAR").Select(column => Sql.Name(column.Name)).ToList();
        if (texts.Count == 0)
            return false;
        var found = false;
        using var connection = Open();
        var conditions = texts.Select(name =>
            $"coalesce(bool_or(contains({name}, ',')) AND bool_and(regexp_full_match({name}, '\\s*[+-]?\\d+(,\\d+)?\\s*')), false)");
        Query(connection, $"SELECT {string.Join(" OR ", conditions)} FROM {Call(", ignore_errors=true, sample_size=-1")}",
            row => found = row.GetBoolean(0));
        return found;
    }

    private List<(string, string)> Describe()
    {
        var columns = Attempt("");
        // Rows of another length make the search for the delimiter give up.
        if (IsCsv && columns.Count == 1)
            columns = Attempt(", ignore_errors=true");
        if (columns.Count < 2)
            throw new ToolException($"{Path}, line 1: one column, '{columns[0].Name}', is too few; a label and a feature must be there, "
                + "separated by commas, semicolons or tabs.");
        return columns;
    }

    private List<(string Name, string Type)> Attempt(string more)
    {
        try
        {
            List<(string, string)> columns = [];
            using var connection = Open();
            Query(connection, $"DESCRIBE SELECT * FROM {Call(more + (IsCsv ? ", sample_size=-1" : ""))}",
                row => columns.Add((row.GetString(0), row.GetString(1))));
            return columns;
        }
        catch (DuckDBException exception)
        {
            throw new ToolException($"{Path}: this cannot be read as a table ({OneLine(exception.Message)}).", exception);
        }
    }
}
