using System.Globalization;
using DuckDB.NET.Data;

namespace MLNet.Sngp.Tool.Tables;

/// <summary>Decides what becomes of each column, from all rows.</summary>
internal static class ColumnPlanner
{
    /// <summary>More values than this are hashed.</summary>
    public const int MostCategories = 100;

    /// <summary>Texts of as many words on average, most of them different, are texts and no categories.</summary>
    public const double WordsOfText = 3;

    public static List<ColumnPlan> Plan(TableFile table, IReadOnlyCollection<string> ignored)
    {
        foreach (var name in ignored)
            Require(table, name);
        var columns = table.Columns.Select(column => new ColumnPlan(column.Name, StoredAs(column.Type), ColumnUse.LeftOut, "", false));
        using var connection = TableFile.Open();
        List<ColumnPlan> plans = [.. columns];
        var from = table.From(plans);
        for (var i = 0; i < plans.Count; i++)
        {
            plans[i] = ignored.Contains(plans[i].Name) ? plans[i] with { StoredAs = "VARCHAR", Note = "ignored" }
                : IsNested(table.Columns[i].Type) ? plans[i] with { Note = $"of type {table.Columns[i].Type}" }
                : Decide(plans[i], Count(connection, from, plans[i]));
        }
        return plans;
    }

    public static void Require(TableFile table, string name)
    {
        if (!table.Columns.Any(column => column.Name == name))
            throw new ToolException($"{table.Path}, line 1: there is no column '{name}'; there are "
                + string.Join(", ", table.Columns.Select(column => $"'{column.Name}'")) + ".");
    }

    private static string StoredAs(string type) => type.Split('(')[0] switch
    {
        "DOUBLE" or "FLOAT" or "DECIMAL" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT"
            or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" => "DOUBLE",
        "BOOLEAN" => "BOOLEAN",
        "DATE" => "DATE",
        var other when other.StartsWith("TIMESTAMP", StringComparison.Ordinal) => "TIMESTAMP",
        _ => "VARCHAR",
    };

    private static bool IsNested(string type) =>
        type.EndsWith(']') || type.StartsWith("STRUCT", StringComparison.Ordinal) || type.StartsWith("MAP", StringComparison.Ordinal)
        || type is "BLOB" or "BIT" or "INTERVAL";

    private static ColumnPlan Decide(ColumnPlan column, ColumnCounts counts)
    {
        var missing = counts.Rows - counts.Present;
        var note = string.Create(CultureInfo.InvariantCulture,
            $"{counts.Distinct} values{(missing > 0 ? $", {missing} missing" : "")}");
        column = column with { Note = note, HasMissing = missing > 0 };
        if (counts.Distinct == 0 || (counts.Distinct == 1 && missing == 0))
            return column with { Note = counts.Distinct == 0 ? "without a value" : "one value in all rows" };
        if (column.StoredAs != "VARCHAR")
            return column with { Kind = column.StoredAs is "DATE" or "TIMESTAMP" ? ColumnUse.Date : ColumnUse.Number };
        if (counts.Words >= WordsOfText && counts.Distinct > counts.Present / 2)
            return column with { Kind = ColumnUse.Text };
        if (counts.Distinct <= MostCategories)
            return column with { Kind = counts.Distinct == counts.Present && counts.Distinct > 20
                ? ColumnUse.LeftOut
                : ColumnUse.Category };
        return counts.Distinct == counts.Present
            ? column with { Note = "another value in every row, an identifier" }
            : column with { Kind = ColumnUse.HashedCategory };
    }

    private static ColumnCounts Count(DuckDBConnection connection, string from, ColumnPlan column)
    {
        var name = Sql.Name(column.Name);
        var words = column.StoredAs == "VARCHAR" ? $"coalesce(avg(len(string_split(trim(CAST({name} AS VARCHAR)), ' '))), 0)" : "0";
        ColumnCounts? counts = null;
        TableFile.Query(connection, $"SELECT count(*), count({name}), count(DISTINCT {name}), CAST({words} AS DOUBLE) FROM {from}",
            row => counts = new ColumnCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDouble(3)));
        return counts!;
    }

    private sealed record ColumnCounts(long Rows, long Present, long Distinct, double Words);
}
