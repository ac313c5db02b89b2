using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Data;

/// <summary>Reads tables once, through one cursor, and checks every row and the classes.</summary>
internal sealed class TrainingTableReader
{
    private readonly TrainingColumns _columns;
    private readonly bool _anyScale;
    private readonly TrainingOptions _options;

    /// <param name="columns">The columns to read.</param>
    /// <param name="options">How many rows may be in memory, and what stops the reading.</param>
    /// <param name="anyScale">Whether features need not be centred and scaled.</param>
    public TrainingTableReader(TrainingColumns columns, TrainingOptions options, bool anyScale = false)
    {
        _anyScale = anyScale;
        _columns = columns;
        _options = options;
    }

    /// <summary>Reads all rows that have a label; the others are counted in a warning.</summary>
    /// <returns>The rows: in memory, or where there are more than may be, to be read again in each pass.</returns>
    /// <exception cref="InvalidOperationException">A row cannot be used, or too few rows are left.</exception>
    public RowSource Read(IDataView input, IChannel channel)
    {
        var spread = _anyScale ? null : new FeatureSpread(_columns.Features, _columns.NumberOfFeatures);
        var rows = ReadAll(input, channel, spread, out var withoutLabel, out var classes);
        CheckClasses(rows.NumberOfRows, withoutLabel, classes, channel);
        if (spread?.Complaint() is { } complaint)
            channel.Warning(MessageSensitivity.UserData, complaint);
        return rows;
    }

    /// <summary>Reads all rows that have a label, of any of the classes.</summary>
    /// <exception cref="InvalidOperationException">A row cannot be used, or none is left.</exception>
    public RowSource ReadValidation(IDataView input, IChannel channel)
    {
        var rows = ReadAll(input, channel, spread: null, out var withoutLabel, out var classes);
        if (rows.NumberOfRows == 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"There are no validation rows with a value in the label column '{_columns.Label.Name}', and {withoutLabel} without. Raise "
                + $"{nameof(TrainingOptions.ValidationFraction)}, or check the validation table."));
        if (classes == 0)
            throw new InvalidOperationException(
                $"All {rows.NumberOfRows} validation rows have the weight 0 in the column '{_columns.Weight!.Value.Name}'. The validation "
                + "loss needs rows with a weight above 0.");
        return rows;
    }

    /// <param name="input">The table.</param>
    /// <param name="channel">The log.</param>
    /// <param name="spread">Looks at the training rows; null for validation rows, which need no order of their own either.</param>
    /// <param name="withoutLabel">The number of rows that were left out.</param>
    /// <param name="classes">The number of different labels that have a row with a weight above 0.</param>
    private RowSource ReadAll(IDataView input, IChannel channel, FeatureSpread? spread, out long withoutLabel, out int classes)
    {
        var maximum = _options.MaximumRowsInMemory;
        var table = new TrainingTable(_columns.NumberOfFeatures, _columns.Weight != null,
            Math.Min(input.GetRowCount() ?? 0, maximum ?? long.MaxValue));
        long count;
        using (var cursor = new TrainingRowCursor(input, _columns, _options.CancellationToken))
        {
            count = Fill(table, cursor, maximum, spread, out classes);
            withoutLabel = cursor.NumberWithoutLabel;
        }
        if (withoutLabel > 0)
            channel.Warning(MessageSensitivity.None,
                $"{withoutLabel} of {withoutLabel + count} rows have no value in the label column '{_columns.Label.Name}' and were left "
                + "out.");
        if (!(count > maximum))
            return table;
        channel.Info(MessageSensitivity.None, $"The table has {count} rows, more than {nameof(_options.MaximumRowsInMemory)}, which is "
            + $"{maximum}; every pass reads it again.");
        // Without a shuffle there is no more use for the room.
        return new StreamedRows(input, _columns, count, maximum.Value, spread is null ? null : table, _options.CancellationToken);
    }

    /// <summary>Reads all rows, and keeps those for which there is room.</summary>
    /// <param name="table">Where to keep them.</param>
    /// <param name="cursor">Reads the rows.</param>
    /// <param name="maximum">How many there is room for; null for all.</param>
    /// <param name="spread">Is shown the rows; null for nobody.</param>
    /// <param name="classes">The number of different labels that have a row with a weight above 0; of labels that are no classes, at most
    /// 1.</param>
    /// <returns>The number of rows.</returns>
    private long Fill(TrainingTable table, TrainingRowCursor cursor, int? maximum, FeatureSpread? spread, out int classes)
    {
        var count = 0L;
        var seen = new HashSet<float>();
        float[]? unkept = null;
        for (; cursor.MoveNext(); count++)
        {
            var isKept = !(count >= maximum);
            var features = isKept ? table.NextRow() : unkept ??= new float[_columns.NumberOfFeatures];
            cursor.Read(features);
            spread?.Look(count, features);
            if (isKept)
                table.Keep(cursor.Label, cursor.Weight);
            // Of numbers, which may all differ, it is enough to know whether there are any.
            if (cursor.Weight > 0 && (_columns.Classes is not null || seen.Count == 0))
                seen.Add(cursor.Label);
        }
        classes = seen.Count;
        return count;
    }

    private void CheckClasses(long count, long withoutLabel, int seen, IChannel channel)
    {
        if (count == 0)
        {
            throw new InvalidOperationException(withoutLabel == 0
                ? "The training table has no rows. Check the data source and the filters before this trainer."
                : $"None of the {withoutLabel} rows of the training table has a value in the label column '{_columns.Label.Name}'. Check "
                + "the keys that MapValueToKey was given, or the label's source.");
        }
        // Rows of weight 0 teach no class.
        var isWeighted = _columns.Weight != null;
        var all = _columns.NumberOfClasses;
        if (seen == 0)
            throw new InvalidOperationException(
                $"All {count} rows have the weight 0 in the column '{_columns.Weight!.Value.Name}'. Training needs rows with a weight "
                + "above 0.");
        if (_columns.Classes is null)
            return;
        if (seen < 2)
            throw new InvalidOperationException(
                $"All {count} rows{(isWeighted ? " (those of weight 0 left aside)" : "")} have the same class in the label column "
                + $"'{_columns.Label.Name}'. A classifier needs rows of two classes or more.");
        if (all > count)
            throw new InvalidOperationException(
                $"The label column '{_columns.Label.Name}' has {all} classes, more than the {count} rows of the training table. Use more "
                + "rows, or a label with fewer key values.");
        if (seen < all)
            channel.Warning(MessageSensitivity.None,
                $"{all - seen} of the {all} classes of the label column '{_columns.Label.Name}' have no row "
                + $"{(isWeighted ? "with a weight above 0 " : "")}in the training table.");
    }
}
