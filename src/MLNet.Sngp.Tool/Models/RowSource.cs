using System.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Rows of a table as the pipeline takes them, streamed by ML.NET's loader of databases out of DuckDB.</summary>
internal sealed record RowSource(MLContext Context, TableFile Table, IReadOnlyList<ColumnPlan> Columns)
{
    /// <summary>The label, read besides; rows without it are left out.</summary>
    public (ColumnPlan Column, bool IsNumber)? Label { get; init; }

    /// <summary>Columns that are read as text besides, under the names of <see cref="TextName"/>.</summary>
    public IReadOnlyList<ColumnPlan> AsText { get; init; } = [];

    /// <summary>A feature whose values are shuffled over the rows.</summary>
    public ColumnPlan? Shuffled { get; init; }

    /// <summary>How many rows are read at most, drawn from all by a hash of their place.</summary>
    public int? MaximumRows { get; init; }

    private IReadOnlyList<ColumnPlan> Features =>
        [.. Columns.Where(column => column.Kind != ColumnUse.LeftOut && column.Name != Label?.Column.Name)];

    public static string TextName(int index) => FormattableString.Invariant($"sngp.text.{index}");

    public IDataView Load()
    {
        var inputs = Features.SelectMany(column => column.Inputs).ToList();
        if (Label is { } label)
            inputs.Add((label.Column.Name, label.IsNumber ? DbType.Single : DbType.String, LabelExpression(label)));
        inputs.AddRange(AsText.Select((column, i) => (TextName(i), DbType.String, column.AsText)));
        var loader = Context.Data.CreateDatabaseLoader(
            [.. inputs.Select((input, i) => new DatabaseLoader.Column(input.Name, input.Type, i))]);
        var select = string.Join(", ", inputs.Select(input => $"{input.Expression} AS {Sql.Name(input.Name)}"));
        return loader.Load(new DatabaseSource(StreamingDuckDB.Instance, TableFile.Connection, $"SELECT {select} FROM {Source()}"));
    }

    public long Count()
    {
        long count = 0;
        using var connection = TableFile.Open();
        TableFile.Query(connection, $"SELECT count(*) FROM {Source()}", row => count = row.GetInt64(0));
        return count;
    }

    private static string LabelExpression((ColumnPlan Column, bool IsNumber) label) => label.IsNumber
        ? $"CAST({Sql.Name(label.Column.Name)} AS FLOAT)" : label.Column.AsText;

    private string Source()
    {
        var conditions = Features.Select(column => column.IsBad).OfType<string>().Select(bad => $"NOT {bad}").ToList();
        if (Label is { } label)
            conditions.Add($"{Sql.Name(label.Column.Name)} IS NOT NULL"
                + (label.IsNumber ? $" AND NOT ({(label.Column with { Kind = ColumnUse.Number }).IsBad})" : ""));
        var where = conditions.Count > 0 ? " WHERE " + string.Join(" AND ", conditions) : "";
        var rows = $"(SELECT * FROM {Table.From(Columns)}{where})";
        if (MaximumRows is { } most)
            rows = $"(SELECT * EXCLUDE \" row\" FROM {Numbered(rows)} ORDER BY hash(\" row\") LIMIT {most})";
        if (Shuffled is not { } column)
            return rows;
        var name = Sql.Name(column.Name);
        return $"(SELECT a.* REPLACE (b.{name} AS {name}) FROM {Numbered(rows)} a "
            + $"JOIN (SELECT {name}, row_number() OVER (ORDER BY hash(\" row\" + 1)) AS \" row\" FROM {Numbered(rows)}) b USING (\" row\") "
            + "ORDER BY a.\" row\")";
    }

    private static string Numbered(string rows) => $"(SELECT *, row_number() OVER () AS \" row\" FROM {rows})";
}
