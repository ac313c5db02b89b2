using Microsoft.ML;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>A model's quality on a table other than that of its training.</summary>
internal static class TableQuality
{
    /// <summary>The rows of the table that have a label.</summary>
    public static RowSource Labelled(ModelFile model, TableFile table)
    {
        ColumnPlanner.Require(table, model.Card.Label);
        return Unlabelled(model, table) with { Label = (model.Card.LabelColumn(), model.Card.IsRegression) };
    }

    /// <summary>The rows of the table.</summary>
    public static RowSource Unlabelled(ModelFile model, TableFile table) =>
        new(model.Context, table, model.Card.ColumnsOf(table));

    public static Dictionary<string, double> Measure(ModelFile model, IDataView scored) => Quality.Measure(
        model.Context,
        model.Card.IsRegression ? scored : Quality.WithKeys(model.Context, scored, model.Card.Label, model.Sngp.Model.Labels.Names),
        model.Card.Label, model.Card.IsRegression);
}
