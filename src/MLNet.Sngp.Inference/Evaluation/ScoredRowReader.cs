using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>Reads labels, probabilities and uncertainties out of scored data, in one pass each.</summary>
internal static class ScoredRowReader
{
    public static ScoredRows Read(
        IDataView scored, string labelColumnName, string scoreColumnName, string? uncertaintyColumnName)
    {
        var classes = ClassProbabilities.Find(scored, labelColumnName, scoreColumnName);
        DataViewSchema.Column? uncertainty = uncertaintyColumnName is null
            ? null
            : NumberColumn.Find(scored, "uncertainty", uncertaintyColumnName);

        DataViewSchema.Column[] needed = uncertainty is { } extra
            ? [classes.Label, classes.Probabilities, extra]
            : [classes.Label, classes.Probabilities];
        using DataViewRowCursor cursor = scored.GetRowCursor(needed);
        ValueGetter<uint> getLabel = classes.LabelGetter(cursor);
        Action<double[]> getProbabilities = classes.ProbabilityGetter(cursor);
        Func<double>? getUncertainty = uncertainty is { } column ? NumberColumn.Getter(cursor, column) : null;

        var rows = new ScoredRows(classes.Count, withUncertainties: uncertainty is not null);
        var probabilities = new double[classes.Count];
        uint key = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            if (key == 0)
            {
                rows.Skip();
                continue;
            }

            getProbabilities(probabilities);
            Add(rows, cursor.Position, probabilities, (int)key - 1, getUncertainty?.Invoke() ?? double.NaN, classes.Probabilities.Name);
        }

        if (rows.Count > 0)
            return rows;
        throw new InvalidOperationException(EvaluationColumns.NoRows(
            "row to evaluate", labelColumnName, rows.SkippedRowCount, classes.Probabilities.Name, rows.UnscoredRowCount));
    }

    /// <summary>One value a row of a numeric column; the mean over the slots of a vector. Of a p-value, 1 less it.</summary>
    public static double[] ReadNumbers(IDataView data, string columnName)
    {
        DataViewSchema.Column column = NumberColumn.Find(data, "uncertainty", columnName);
        return [.. NumberColumn.Rows(data, column).Select(row => columnName == ColumnNames.Novelty ? 1 - row[0] : row[0])];
    }

    private static void Add(
        ScoredRows rows, long position, double[] probabilities, int label, double uncertainty, string scoreName)
    {
        try
        {
            rows.Add(probabilities, label, uncertainty);
        }
        catch (ArgumentException problem)
        {
            throw new InvalidOperationException(
                $"Row {position} cannot be evaluated: {problem.Message} Column '{scoreName}' must hold the "
                + "probabilities of the classes: pass the name of the column that does.",
                problem);
        }
    }
}
