using System.Collections.ObjectModel;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>How well each column that both tables have tells the rows of one from those of the other.</summary>
internal static class DetectionByColumn
{
    public static IReadOnlyDictionary<string, double> Areas(IDataView inDomain, IDataView outOfDomain, IEnumerable<string> columns)
    {
        var areas = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in columns.Where(name => IsNumber(inDomain, name) && IsNumber(outOfDomain, name)))
        {
            var (inside, outside) = (ScoredRowReader.ReadNumbers(inDomain, name), ScoredRowReader.ReadNumbers(outOfDomain, name));
            if (!Array.TrueForAll(inside, double.IsNaN) && !Array.TrueForAll(outside, double.IsNaN))
                areas[name] = OutOfDomainMetrics.Compute(inside, outside).AreaUnderRocCurve;
        }
        return new ReadOnlyDictionary<string, double>(areas);
    }

    /// <summary>The shares of rows that are called novel; null where a table does not say.</summary>
    public static (double FalseAlarms, double Detections)? Rates(IDataView inDomain, IDataView outOfDomain) =>
        IsTruth(inDomain) && IsTruth(outOfDomain) ? (Share(inDomain), Share(outOfDomain)) : null;

    private static bool IsNumber(IDataView data, string name) =>
        data.Schema.GetColumnOrNull(name)?.Type is { } type && (type as VectorDataViewType)?.ItemType is var item
        && (item ?? type) is var number && (number.Equals(NumberDataViewType.Single) || number.Equals(NumberDataViewType.Double));

    private static bool IsTruth(IDataView data) => data.Schema.GetColumnOrNull(ColumnNames.IsNovel)?.Type is BooleanDataViewType;

    private static double Share(IDataView data) => data.GetColumn<bool>(ColumnNames.IsNovel).Average(isNovel => isNovel ? 1.0 : 0);
}
