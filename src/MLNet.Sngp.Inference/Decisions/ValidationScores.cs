using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Calibration;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Decisions;

/// <summary>What a model gives for validation rows: the numbers of some of its columns and the label.</summary>
/// <param name="Label">The class from 0; −1 where it is missing, or where no label was asked for.</param>
/// <param name="Values">The elements of the columns, one column after another; keys and truth values as numbers.</param>
internal readonly record struct ValidationScore(int Label, float[] Values)
{
    public bool IsFinite => Array.TrueForAll(Values, float.IsFinite);

    /// <summary>Scores the rows of <paramref name="data"/>, which has the model's feature column.</summary>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type.</exception>
    public static List<ValidationScore> Read(UncertaintyModel model, IDataView data, string? labelColumnName, params string[] columns)
    {
        if (labelColumnName != null)
            ValidationRows.LabelColumn(model, data, labelColumnName);
        using var scorer = new OnnxScorer(model);
        var view = new ScoredDataView(data, scorer);
        var outputs = Array.ConvertAll(columns, name => view.Schema[name]);
        DataViewSchema.Column? label = labelColumnName is null ? null : view.Schema[labelColumnName];
        using var cursor = view.GetRowCursor(label is { } needed ? [needed, .. outputs] : outputs);
        var getLabel = label is { } column ? ValidationRows.LabelGetter(cursor, column) : () => -1;
        var getters = Array.ConvertAll(outputs, output => Getter(cursor, output));
        var rows = new List<ValidationScore>();
        var values = new List<float>();
        while (cursor.MoveNext())
        {
            values.Clear();
            foreach (var read in getters)
                read(values);
            rows.Add(new ValidationScore(getLabel(), [.. values]));
        }
        return rows;
    }

    private static Action<List<float>> Getter(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            var getVector = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> buffer = default;
            return values =>
            {
                getVector(ref buffer);
                values.AddRange(buffer.DenseValues());
            };
        }
        return column.Type switch
        {
            KeyDataViewType => Scalar<uint>(cursor, column, value => value),
            BooleanDataViewType => Scalar<bool>(cursor, column, value => value ? 1 : 0),
            _ => Scalar<float>(cursor, column, value => value),
        };
    }

    private static Action<List<float>> Scalar<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, float> convert)
    {
        var get = cursor.GetGetter<T>(column);
        T value = default!;
        return values =>
        {
            get(ref value);
            values.Add(convert(value));
        };
    }
}
