using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Data;

/// <summary>Reads the training table through one cursor and checks every row.</summary>
internal sealed class TrainingTableReader
{
    private const int RowsBetweenCancellationChecks = 1024;
    private readonly TrainingColumns _columns;
    private readonly CancellationToken _cancellation;

    public TrainingTableReader(TrainingColumns columns, CancellationToken cancellation)
    {
        _columns = columns;
        _cancellation = cancellation;
    }

    /// <summary>Reads all rows that have a label; the others are counted in a warning.</summary>
    /// <exception cref="InvalidOperationException">A row cannot be used, or too few rows are left.</exception>
    public TrainingTable Read(IDataView input, IChannel channel)
    {
        var table = ReadAll(input, channel, out var withoutLabel);
        CheckClasses(table, withoutLabel, channel);
        return table;
    }

    /// <summary>Reads all rows that have a label, of any of the classes.</summary>
    /// <exception cref="InvalidOperationException">A row cannot be used, or none is left.</exception>
    public TrainingTable ReadValidation(IDataView input, IChannel channel)
    {
        var table = ReadAll(input, channel, out var withoutLabel);
        if (table.NumberOfRows == 0)
            throw new InvalidOperationException(FormattableString.Invariant($"There are no validation rows with a value in the label column '{_columns.Label.Name}', and {withoutLabel} without. Raise {nameof(NetworkTrainerOptions.ValidationFraction)}, or check the validation table."));
        if (CountWeightedClasses(table) == 0)
            throw new InvalidOperationException($"All {table.NumberOfRows} validation rows have the weight 0 in the column '{_columns.Weight!.Value.Name}'. The validation loss needs rows with a weight above 0.");
        return table;
    }

    private TrainingTable ReadAll(IDataView input, IChannel channel, out long withoutLabel)
    {
        var table = new TrainingTable(_columns.NumberOfFeatures, _columns.NumberOfClasses, _columns.Weight != null, input.GetRowCount() ?? Count(input)) { Task = _columns.Task };
        withoutLabel = Fill(table, input);
        if (withoutLabel > 0)
            channel.Warning(MessageSensitivity.None, $"{withoutLabel} of {withoutLabel + table.NumberOfRows} rows have no value in the label column '{_columns.Label.Name}' and were left out of the training.");
        return table;
    }

    // One more pass costs less than arrays that double while they fill.
    private long Count(IDataView input)
    {
        using var cursor = input.GetRowCursor([]);
        var count = 0L;
        while (cursor.MoveNext())
        {
            if (count++ % RowsBetweenCancellationChecks == 0)
                _cancellation.ThrowIfCancellationRequested();
        }
        return count;
    }

    private long Fill(TrainingTable table, IDataView input)
    {
        using var cursor = input.GetRowCursor(_columns.All);
        var getLabel = KeyGetter(cursor);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(_columns.Features);
        ValueGetter<float> getWeight = _columns.Weight is { } column ? cursor.GetGetter<float>(column) : (ref float value) => value = 1;
        uint label = 0;
        float weight = 1;
        VBuffer<float> features = default;
        long withoutLabel = 0;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            if (row % RowsBetweenCancellationChecks == 0)
                _cancellation.ThrowIfCancellationRequested();
            getLabel(ref label);
            if (label == 0)
            {
                withoutLabel++;
                continue;
            }
            if (label > table.NumberOfClasses)
                throw Problem(cursor.Position, _columns.Label, $"holds the key {label}, above its number of classes, {table.NumberOfClasses}. Make the keys with Transforms.Conversion.MapValueToKey.");
            getFeatures(ref features);
            CopyFeatures(features, table.NextRow(), cursor.Position);
            getWeight(ref weight);
            if (!float.IsFinite(weight) || weight < 0)
                throw Problem(cursor.Position, _columns.Weight!.Value, FormattableString.Invariant($"holds {weight}. Example weights must be finite and at least 0."));
            table.Keep(label - 1, weight);
        }
        return withoutLabel;
    }

    /// <summary>The label as a key; that of a Boolean is 1 for false and 2 for true.</summary>
    private ValueGetter<uint> KeyGetter(DataViewRow row)
    {
        if (_columns.Task == ClassificationTask.Multiclass)
            return row.GetGetter<uint>(_columns.Label);
        var getTruth = row.GetGetter<bool>(_columns.Label);
        var truth = false;
        return (ref uint key) =>
        {
            getTruth(ref truth);
            key = truth ? 2u : 1u;
        };
    }

    private void CopyFeatures(in VBuffer<float> features, Span<float> destination, long position)
    {
        if (features.Length != destination.Length)
            throw Problem(position, _columns.Features, $"holds {features.Length} features where the column's type promises {destination.Length}. Check the part of the pipeline that makes the column.");
        features.CopyTo(destination);
        for (var slot = 0; slot < destination.Length; slot++)
        {
            if (!float.IsFinite(destination[slot]))
                throw Problem(position, _columns.Features, FormattableString.Invariant($"holds {destination[slot]} in slot {slot}{SlotName(slot)}. Remove such rows, or fill them in with Transforms.ReplaceMissingValues before this trainer."));
        }
    }

    private string SlotName(int slot)
    {
        if (!_columns.Features.HasSlotNames())
            return "";
        VBuffer<ReadOnlyMemory<char>> names = default;
        _columns.Features.GetSlotNames(ref names);
        return $" ('{names.GetItemOrDefault(slot)}')";
    }

    private void CheckClasses(TrainingTable table, long withoutLabel, IChannel channel)
    {
        if (table.NumberOfRows == 0)
        {
            throw new InvalidOperationException(withoutLabel == 0
                ? "The training table has no rows. Check the data source and the filters before this trainer."
                : $"None of the {withoutLabel} rows of the training table has a value in the label column '{_columns.Label.Name}'. Check the keys that MapValueToKey was given, or the label's source.");
        }
        var seen = CountWeightedClasses(table);
        if (seen == 0)
            throw new InvalidOperationException($"All {table.NumberOfRows} rows have the weight 0 in the column '{_columns.Weight!.Value.Name}'. Training needs rows with a weight above 0.");
        if (seen < 2)
            throw new InvalidOperationException($"All {table.NumberOfRows} rows{(table.Weights is null ? "" : " (those of weight 0 left aside)")} have the same class in the label column '{_columns.Label.Name}'. A classifier needs rows of two classes or more.");
        if (table.NumberOfClasses > table.NumberOfRows)
            throw new InvalidOperationException($"The label column '{_columns.Label.Name}' has {table.NumberOfClasses} classes, more than the {table.NumberOfRows} rows of the training table. Use more rows, or a label with fewer key values.");
        if (seen < table.NumberOfClasses)
            channel.Warning(MessageSensitivity.None, $"{table.NumberOfClasses - seen} of the {table.NumberOfClasses} classes of the label column '{_columns.Label.Name}' have no row {(table.Weights is null ? "" : "with a weight above 0 ")}in the training table.");
    }

    /// <summary>The number of classes that have a row with a weight above 0.</summary>
    private static int CountWeightedClasses(TrainingTable table)
    {
        var seen = new HashSet<long>();
        for (var row = 0; row < table.NumberOfRows; row++)
        {
            if (table.Weights is null || table.Weights[row] > 0)
                seen.Add(table.Labels[row]);
        }
        return seen.Count;
    }

    private static InvalidOperationException Problem(long position, DataViewSchema.Column column, string what) =>
        new(FormattableString.Invariant($"Row {position} (counted from 0) of the column '{column.Name}' {what}"));
}
