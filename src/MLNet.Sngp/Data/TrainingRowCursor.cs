using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Data;

/// <summary>Goes once through the rows of a table that have a label, and checks each that is read.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TrainingRowCursor : IDisposable
{
    private readonly TrainingColumns _columns;
    private readonly CancellationToken _cancellation;
    private readonly DataViewRowCursor _cursor;
    private readonly Func<float> _getLabel;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<float>? _getWeight;
    private VBuffer<float> _features;

    public TrainingRowCursor(IDataView input, TrainingColumns columns, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _columns = columns;
        _cancellation = cancellation;
        _cursor = input.GetRowCursor(columns.All);
        try
        {
            _getLabel = columns.Labels.Getter(_cursor, columns.Label);
            _getFeatures = _cursor.GetGetter<VBuffer<float>>(columns.Features);
            _getWeight = columns.Weight is { } column ? _cursor.GetGetter<float>(column) : null;
        }
        catch
        {
            _cursor.Dispose();
            throw;
        }
    }

    /// <summary>How many rows without a label were passed over.</summary>
    public long NumberWithoutLabel { get; private set; }

    /// <summary>The row's class, from 0, or its number.</summary>
    public float Label { get; private set; }

    /// <summary>The row's weight, once <see cref="Read"/> was called; 1 where there are none.</summary>
    public float Weight { get; private set; } = 1;

    /// <summary>Goes to the next row that has a label.</summary>
    /// <exception cref="InvalidOperationException">Its label cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            // A row may take its source any time; to ask takes none.
            _cancellation.ThrowIfCancellationRequested();
            Label = _getLabel();
            if (float.IsNaN(Label))
                NumberWithoutLabel++;
            else if (_columns.Labels.Complaint(Label, _columns.NumberOfClasses) is { } complaint)
                throw Problem(_columns.Label, complaint);
            else
                return true;
        }
        return false;
    }

    /// <summary>Reads the features and the weight of the row.</summary>
    /// <param name="features">Room for d features.</param>
    /// <exception cref="InvalidOperationException">A value cannot be used; <paramref name="features"/> is then not to be used
    /// either.</exception>
    public void Read(Span<float> features)
    {
        _getFeatures(ref _features);
        if (_features.Length != features.Length)
            throw Problem(_columns.Features,
                $"holds {_features.Length} features where the column's type promises {features.Length}. Check the part of the pipeline "
                + "that makes the column.");
        FeatureValues.Copy(_features, features);
        if (!FeatureValues.AreFinite(_features.GetValues()))
            throw NotFinite(features);
        if (_getWeight is null)
            return;
        var weight = 0f;
        _getWeight(ref weight);
        if (!float.IsFinite(weight) || weight < 0)
            throw Problem(
                _columns.Weight!.Value, FormattableString.Invariant($"holds {weight}. Example weights must be finite and at least 0."));
        Weight = weight;
    }

    public void Dispose() => _cursor.Dispose();

    private InvalidOperationException NotFinite(ReadOnlySpan<float> features)
    {
        var slot = FeatureValues.FirstNotFinite(features);
        // ML.NET takes NaN for missing, and no other value.
        var remedy = float.IsNaN(features[slot])
            ? "fill them in with Transforms.ReplaceMissingValues before this trainer"
            : "bound the values where they are made";
        var place = SlotNames.Describe(_columns.Features, slot);
        return Problem(
            _columns.Features, FormattableString.Invariant($"holds {features[slot]} in {place}. Remove such rows, or {remedy}."));
    }

    private InvalidOperationException Problem(DataViewSchema.Column column, string what) =>
        new(FormattableString.Invariant($"Row {_cursor.Position} (counted from 0) of the column '{column.Name}' {what}"));
}
