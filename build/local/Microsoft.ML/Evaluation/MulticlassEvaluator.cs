using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Computes multiclass metrics from a label column and a score vector. The score's slots stand in the label key's order;
/// the predicted label column must exist, but its values are not read.
/// </summary>
internal static class MulticlassEvaluator
{
    public static MulticlassClassificationMetrics Evaluate(IDataView data, string label, string score, string predictedLabel, int topK)
    {
        var labelColumn = ScoredColumns.Find(data.Schema, "Label", label);
        var scoreColumn = ScoredColumns.Find(data.Schema, "Score", score);
        ScoredColumns.Find(data.Schema, "PredictedLabel", predictedLabel);
        CheckTypes(labelColumn, scoreColumn);

        int classes = ((VectorDataViewType)scoreColumn.Type).Size;
        var sums = new MulticlassCounters(classes);
        using var cursor = data.GetRowCursor(new[] { labelColumn, scoreColumn });
        var getLabel = ScoredColumns.LabelGetter(cursor, labelColumn);
        var getScores = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        var buffer = default(VBuffer<float>);
        var scores = new float[classes];
        float truth = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            // Missing, negative and fractional labels do not count.
            if (float.IsNaN(truth) || truth < 0 || truth != (int)truth)
                continue;
            getScores(ref buffer);
            if (buffer.Length != classes)
                throw new InvalidOperationException("The score vector's length differs from the one in the schema.");
            buffer.CopyTo(scores);
            if (scores.All(float.IsFinite))
                sums.Add((int)truth, scores);
        }
        return sums.ToMetrics(topK, ClassNames(scoreColumn, classes));
    }

    private static void CheckTypes(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || !vector.ItemType.Equals(NumberDataViewType.Single))
            throw ScoredColumns.WrongType("score", score, "vector of two or more items of type Single");
        if (!label.Type.Equals(NumberDataViewType.Single) && label.Type is not KeyDataViewType { Count: > 0 })
            throw ScoredColumns.WrongType("label", label, "Single or Key");
    }

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationKinds.SlotNames)?.Type is VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            score.Annotations.GetValue(AnnotationKinds.SlotNames, ref names);
            return names.DenseValues().ToArray();
        }
        return Enumerable.Range(0, classes).Select(i => i.ToString().AsMemory()).ToArray();
    }
}
