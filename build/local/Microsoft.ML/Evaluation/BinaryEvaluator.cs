using System;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Computes binary metrics from a label, a score and, for the calibrated ones, a probability column.</summary>
internal static class BinaryEvaluator
{
    public static CalibratedBinaryClassificationMetrics EvaluateCalibrated(IDataView data, string label, string score, string probability, string predictedLabel)
    {
        var sums = Sum(data, label, score, probability, predictedLabel, out var confusion);
        return new CalibratedBinaryClassificationMetrics(sums, confusion);
    }

    public static BinaryClassificationMetrics Evaluate(IDataView data, string label, string score, string predictedLabel)
    {
        var sums = Sum(data, label, score, null, predictedLabel, out var confusion);
        return new BinaryClassificationMetrics(sums, confusion);
    }

    private static BinaryCounters Sum(IDataView data, string label, string score, string probability, string predictedLabel, out ConfusionMatrix confusion)
    {
        var labelColumn = ScoredColumns.Find(data.Schema, "Label", label);
        var scoreColumn = ScoredColumns.Find(data.Schema, "Score", score);
        DataViewSchema.Column? probabilityColumn = probability == null ? null : ScoredColumns.Find(data.Schema, "Probability", probability);
        ScoredColumns.Find(data.Schema, "PredictedLabel", predictedLabel);
        CheckTypes(labelColumn, scoreColumn, probabilityColumn);

        var sums = Read(data, labelColumn, scoreColumn, probabilityColumn);
        var counts = new[]
        {
            new[] { sums.TruePositives, sums.FalseNegatives },
            new[] { sums.FalsePositives, sums.TrueNegatives },
        };
        confusion = new ConfusionMatrix(counts, ClassNames(labelColumn), binary: true);
        return sums;
    }

    private static BinaryCounters Read(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column? probability)
    {
        var needed = new[] { label, score }.Concat(probability is { } p ? new[] { p } : Array.Empty<DataViewSchema.Column>());
        var sums = new BinaryCounters();
        using (var cursor = data.GetRowCursor(needed))
        {
            var getLabel = ScoredColumns.LabelGetter(cursor, label);
            var getScore = cursor.GetGetter<float>(score);
            var getProbability = probability is { } column ? cursor.GetGetter<float>(column) : (ref float value) => value = float.NaN;
            float truth = 0, value = 0, chance = 0;
            while (cursor.MoveNext())
            {
                getLabel(ref truth);
                getScore(ref value);
                if (!float.IsFinite(value) || float.IsNaN(truth))
                    continue;
                getProbability(ref chance);
                sums.Add(truth, value, chance);
            }
        }
        sums.Finish();
        return sums;
    }

    private static void CheckTypes(DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column? probability)
    {
        if (!score.Type.Equals(NumberDataViewType.Single))
            throw ScoredColumns.WrongType("score", score, "Single");
        if (label.Type is not (NumberDataViewType or BooleanDataViewType or KeyDataViewType { Count: 2 })
            || (label.Type is NumberDataViewType && label.Type.RawType != typeof(float) && label.Type.RawType != typeof(double)))
            throw ScoredColumns.WrongType("label", label, "Single, Double, Boolean, or a Key with cardinality 2");
        if (probability is { } column && !column.Type.Equals(NumberDataViewType.Single))
            throw ScoredColumns.WrongType("probability", column, "Single");
    }

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType
            && label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType { Size: > 0, ItemType: TextDataViewType })
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            label.GetKeyValues(ref names);
            return names.DenseValues().ToArray();
        }
        return new[] { "positive".AsMemory(), "negative".AsMemory() };
    }
}
