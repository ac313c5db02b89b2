using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>How a model was made: an entry of its zip file that ML.NET does not read.</summary>
internal sealed record ModelCard
{
    /// <summary>The newest format that this tool reads and the one that it writes.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required string Label { get; init; }

    public required bool IsRegression { get; init; }

    public required string Table { get; init; }

    /// <summary>Gets a value indicating whether numbers in CSV files have a decimal comma.</summary>
    public bool DecimalComma { get; init; }

    public required int Seed { get; init; }

    public required long TrainingRows { get; init; }

    public required long HeldBackRows { get; init; }

    public required long RowsWithoutLabel { get; init; }

    public required IReadOnlyList<ColumnPlan> Columns { get; init; }

    public required IReadOnlyDictionary<string, double> Quality { get; init; }

    /// <summary>Gets the columns that the pipeline takes.</summary>
    public IEnumerable<ColumnPlan> Features() => Columns.Where(column => column.Kind != ColumnUse.LeftOut && column.Name != Label);

    /// <summary>The columns of a table as this model reads them; those that it does not know are texts, which cannot be bad.</summary>
    public List<ColumnPlan> ColumnsOf(TableFile table) => [.. table.Columns.Select(column =>
        Features().FirstOrDefault(feature => feature.Name == column.Name)
        ?? new ColumnPlan(column.Name, "VARCHAR", ColumnUse.LeftOut, "", HasMissing: false))];

    public ColumnPlan LabelColumn() => Columns.First(column => column.Name == Label);
}
