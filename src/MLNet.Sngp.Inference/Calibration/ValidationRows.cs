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

    public int NumberOfFeatures { get; }

    public IReadOnlyList<int> Labels => _labels;

    /// <exception cref="ArgumentException">A column is absent or of a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row has a label, or a row has features that are no numbers.</exception>
    public static ValidationRows Read(UncertaintyTransformer transformer, IDataView data, string labelColumnName)
    {
        var features = FeatureColumn.Find(data.Schema, transformer.FeatureColumnName, transformer.Model.NumberOfFeatures);
        var label = LabelColumn(transformer, data, labelColumnName);
        var rows = new ValidationRows(transformer.Model.NumberOfFeatures);
        using var cursor = data.GetRowCursor([features, label]);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var getLabel = LabelGetter(cursor, label);
        VBuffer<float> buffer = default;
        var row = new float[rows.NumberOfFeatures];
        while (cursor.MoveNext())
        {
            var key = getLabel();
            if (key < 0)
                continue;
            getFeatures(ref buffer);
            buffer.CopyTo(row);
            if (!Array.TrueForAll(row, float.IsFinite))
                throw new InvalidOperationException($"Validation row {cursor.Position} (counted from 0) has features in column '{features.Name}' that are no finite numbers. Remove such rows, or fill them in with Transforms.ReplaceMissingValues.");
            rows._features.AddRange(row);
            rows._labels.Add(key);
        }
        if (rows.Count == 0)
            throw new InvalidOperationException($"No validation row has a value in the label column '{labelColumnName}'; some hundred are needed. Map labels with the pipeline that trained the model.");
        return rows;
    }

    /// <summary>The features of some rows, one after the other.</summary>
    public float[] Features(int start, int count) => [.. _features.GetRange(start * NumberOfFeatures, count * NumberOfFeatures)];

    private static DataViewSchema.Column LabelColumn(UncertaintyTransformer transformer, IDataView data, string name)
    {
        if (transformer.Model.Outputs.Any(output => output.Name == ModelOutput.Probability))
        {
            var truth = EvaluationColumns.Find(data, name, "Pass the name of the label column.");
            return truth.Type is BooleanDataViewType
                ? truth
                : throw new ArgumentException($"Column '{name}' is of type {truth.Type}, but the label of a binary model is Boolean.");
        }
        var label = EvaluationColumns.Label(data, name);
        EvaluationColumns.RequireSameClasses(label, transformer.GetOutputSchema(data.Schema)[ModelOutput.Score]);
        return label;
    }

    /// <summary>The class from 0, or −1 where the label is missing.</summary>
    private static Func<int> LabelGetter(DataViewRowCursor cursor, DataViewSchema.Column label)
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
