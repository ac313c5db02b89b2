using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Evaluation;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Calibration;

/// <summary>Features and labels of the validation rows, in memory.</summary>
internal sealed class ValidationRows
{
    private readonly List<float> _features = [];
    private readonly List<int> _labels = [];

    private ValidationRows(int numberOfFeatures) => NumberOfFeatures = numberOfFeatures;

    public int Count => _labels.Count;

    /// <summary>The number of rows left out because their label is missing.</summary>
    public int SkippedRowCount { get; private set; }

    /// <summary>The number of rows left out because a feature is not finite.</summary>
    public int UnscoredRowCount { get; private set; }

    public int NumberOfFeatures { get; }

    public IReadOnlyList<int> Labels => _labels;

    /// <exception cref="ArgumentException">A column is absent or of a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row has a label and finite features.</exception>
    public static ValidationRows Read(UncertaintyModel model, IDataView data, string labelColumnName)
    {
        var label = LabelColumn(model, data, labelColumnName);
        var features = FeatureColumn.Find(data.Schema, model.FeatureColumnName, model.NumberOfFeatures);
        var rows = new ValidationRows(model.NumberOfFeatures);
        using var cursor = data.GetRowCursor([features, label]);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var getLabel = LabelGetter(cursor, label);
        VBuffer<float> buffer = default;
        var row = new float[rows.NumberOfFeatures];
        while (cursor.MoveNext())
        {
            var key = getLabel();
            if (key < 0)
            {
                rows.SkippedRowCount++;
                continue;
            }
            getFeatures(ref buffer);
            buffer.CopyTo(row);
            if (!Array.TrueForAll(row, float.IsFinite))
            {
                rows.UnscoredRowCount++;
                continue;
            }
            rows._features.AddRange(row);
            rows._labels.Add(key);
        }
        if (rows.Count == 0)
            throw new InvalidOperationException(
                EvaluationColumns.NoRows("validation row", label.Name, rows.SkippedRowCount, features.Name, rows.UnscoredRowCount));
        return rows;
    }

    /// <summary>The features of some rows, one after the other.</summary>
    public float[] Features(int start, int count) => [.. _features.GetRange(start * NumberOfFeatures, count * NumberOfFeatures)];

    /// <exception cref="ArgumentException">The column is absent or of a wrong type.</exception>
    public static void CheckLabel(ColumnShapes columns, string name, bool isBinary)
    {
        var label = EvaluationColumns.Label(columns, name);
        if (label.IsKey == isBinary)
            throw new ArgumentException(
                $"Column '{name}' is of type {label}, but the label of a "
                + $"{(isBinary ? "binary model is Boolean. " : "multiclass model is a key. ")}"
                + "Pass the name of the label column that the model was trained on.");
    }

    public static DataViewSchema.Column LabelColumn(UncertaintyModel model, IDataView data, string name)
    {
        CheckLabel(ColumnShapes.Of(data.Schema), name, model.IsBinary);
        var label = data.Schema[name];
        if (!model.IsBinary)
        {
            var names = model.Labels.Values is null ? null : model.Labels.Names;
            EvaluationColumns.RequireSameClasses(label, ColumnNames.Score, model.NumberOfClasses, names);
        }
        return label;
    }

    /// <summary>The class from 0, or −1 where the label is missing.</summary>
    public static Func<int> LabelGetter(DataViewRowCursor cursor, DataViewSchema.Column label)
    {
        if (label.Type is BooleanDataViewType)
        {
            var getTruth = cursor.GetGetter<bool>(label);
            var truth = false;
            return () =>
            {
                getTruth(ref truth);
                return truth ? 1 : 0;
            };
        }
        var getKey = cursor.GetGetter<uint>(label);
        uint key = 0;
        return () =>
        {
            getKey(ref key);
            return (int)key - 1;
        };
    }
}
