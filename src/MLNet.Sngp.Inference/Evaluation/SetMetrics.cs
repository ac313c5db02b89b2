using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>How often sets of classes hold the label, and how large they are. Immutable.</summary>
public sealed class SetMetrics
{
    private SetMetrics(int[] rows, int[] covered, long classesInSets)
    {
        Count = rows.Sum();
        Coverage = covered.Sum() / (double)Count;
        MeanSetSize = classesInSets / (double)Count;
        CoverageByClass = Array.AsReadOnly([.. rows.Zip(covered, (all, part) => part / (double)all)]);
    }

    /// <summary>The number of rows with a label.</summary>
    public int Count { get; }

    /// <summary>The share of rows whose set holds the label. 0 to 1; at least what was asked of the sets, but for chance.</summary>
    public double Coverage { get; }

    /// <summary>The mean number of classes in a set; lower is better at the same coverage.</summary>
    public double MeanSetSize { get; }

    /// <summary>The coverage among the rows of each class, in the order of the label's keys; NaN for a class without rows.</summary>
    public IReadOnlyList<double> CoverageByClass { get; }

    /// <summary>The metrics of the column <c>PredictionSet</c>; null where there is none.</summary>
    internal static SetMetrics? TryRead(IDataView scored, string labelColumnName)
    {
        if (scored.Schema.GetColumnOrNull(ColumnNames.PredictionSet) is not { } column
            || column.Type is not VectorDataViewType { IsKnownSize: true, ItemType: BooleanDataViewType } type)
            return null;
        var label = scored.Schema[labelColumnName];
        using var cursor = scored.GetRowCursor([label, column]);
        var getLabel = Calibration.ValidationRows.LabelGetter(cursor, label);
        var getSet = cursor.GetGetter<VBuffer<bool>>(column);
        var (rows, covered, classesInSets) = (new int[type.Size], new int[type.Size], 0L);
        VBuffer<bool> set = default;
        while (cursor.MoveNext())
        {
            var key = getLabel();
            if (key < 0 || key >= type.Size)
                continue;
            getSet(ref set);
            rows[key]++;
            covered[key] += set.GetItemOrDefault(key) ? 1 : 0;
            foreach (var isIn in set.GetValues())
                classesInSets += isIn ? 1 : 0;
        }
        return rows.Sum() == 0 ? null : new SetMetrics(rows, covered, classesInSets);
    }
}
