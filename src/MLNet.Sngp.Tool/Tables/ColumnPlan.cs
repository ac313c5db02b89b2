using System.Data;

namespace MLNet.Sngp.Tool.Tables;

/// <summary>A column of the table and what becomes of it; part of the model's card.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="StoredAs">The type that the column is read as: DOUBLE, BOOLEAN, DATE, TIMESTAMP or VARCHAR.</param>
/// <param name="Kind">What the pipeline makes of it.</param>
/// <param name="Note">Why, for people.</param>
/// <param name="HasMissing">Whether training rows lacked it.</param>
internal sealed record ColumnPlan(string Name, string StoredAs, ColumnUse Kind, string Note, bool HasMissing)
{
    /// <summary>The types that columns are read as.</summary>
    public static readonly IReadOnlyList<string> Types = ["DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "VARCHAR"];

    // NaN is how files of floats write a missing value.
    private string Number => StoredAs == "BOOLEAN"
        ? $"CAST(TRY_CAST({Sql.Name(Name)} AS BOOLEAN) AS DOUBLE)"
        : $"CASE WHEN isnan(TRY_CAST({Sql.Name(Name)} AS DOUBLE)) THEN NULL ELSE TRY_CAST({Sql.Name(Name)} AS DOUBLE) END";

    private string Moment => $"TRY_CAST({Sql.Name(Name)} AS TIMESTAMP)";

    /// <summary>Gets the columns of numbers that the pipeline takes for this one, or none.</summary>
    public IEnumerable<string> NumberNames => Kind switch
    {
        ColumnUse.Number => [Name],
        ColumnUse.Date when StoredAs == "TIMESTAMP" => [Name, Name + ".month", Name + ".weekday", Name + ".hour"],
        ColumnUse.Date => [Name, Name + ".month", Name + ".weekday"],
        _ => [],
    };

    /// <summary>Gets what the pipeline's inputs are made of, in SQL.</summary>
    public IEnumerable<(string Name, DbType Type, string Expression)> Inputs => Kind switch
    {
        ColumnUse.LeftOut => [],
        ColumnUse.Number => [(Name, DbType.Single, $"CAST({Number} AS FLOAT)")],
        ColumnUse.Date => NumberNames.Zip(
            ["epoch({0}) / 86400", "month({0})", "isodow({0})", "hour({0}) + minute({0}) / 60.0"],
            (name, part) => (name, DbType.Single, $"CAST({part.Replace("{0}", Moment, StringComparison.Ordinal)} AS FLOAT)")),
        _ => [(Name, DbType.String, $"coalesce(CAST({Sql.Name(Name)} AS VARCHAR), '')")],
    };

    /// <summary>Gets, in SQL, whether a value is there that the pipeline cannot take; <see langword="null"/> where it takes all.</summary>
    public string? IsBad => Kind switch
    {
        ColumnUse.Number when StoredAs == "BOOLEAN" => $"({Present} AND ({Number}) IS NULL)",
        ColumnUse.Number => $"({Present} AND NOT coalesce(isnan(TRY_CAST({Sql.Name(Name)} AS DOUBLE)) OR "
            + $"abs(TRY_CAST({Sql.Name(Name)} AS DOUBLE)) < 3.4e38, false))",
        ColumnUse.Date => $"({Present} AND {Moment} IS NULL)",
        _ => null,
    };

    /// <summary>Gets the value as text, in SQL; numbers without the ".0" that reading them as such adds.</summary>
    public string AsText => StoredAs == "DOUBLE"
        ? $"regexp_replace(coalesce(CAST({Sql.Name(Name)} AS VARCHAR), ''), '\\.0$', '')"
        : $"coalesce(CAST({Sql.Name(Name)} AS VARCHAR), '')";

    private string Present => $"{Sql.Name(Name)} IS NOT NULL";
}
