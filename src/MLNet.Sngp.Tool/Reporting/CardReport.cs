using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Reporting;

/// <summary>Shows what a model's card says.</summary>
internal static class CardReport
{
    public static Report Of(ModelCard card)
    {
        var report = new Report()
            .Add("label", card.Label)
            .Add("task", card.IsRegression ? "regression" : "classification")
            .Add("table", card.Table)
            .Add("decimal comma", card.DecimalComma ? true : null)
            .Add("training rows", card.TrainingRows)
            .Add("rows held back", card.HeldBackRows)
            .Add("rows without label", card.RowsWithoutLabel)
            .AddTable("column", card.Columns.Select(column => new Dictionary<string, object?>
            {
                ["name"] = column.Name,
                ["becomes"] = column.Name == card.Label ? "label" : Words(column.Kind),
                ["because"] = column.Note,
            }));
        foreach (var (name, value) in card.Quality)
            report.Add(name == "rows" ? "rows measured" : name, value);
        return report;
    }

    private static string Words(ColumnUse kind) => kind switch
    {
        ColumnUse.LeftOut => "left out",
        ColumnUse.HashedCategory => "hashed category",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
