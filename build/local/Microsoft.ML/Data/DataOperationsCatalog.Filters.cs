using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckNonEmpty(columnName, nameof(columnName));
        Contracts.CheckParam(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw Contracts.ExceptMismatch("filter", columnName, "number", column.Type.ToString(), nameof(columnName));
        if (column.Type.RawType == typeof(float))
            return Range<float>(input, column, x => x >= lowerBound && x < upperBound);
        Contracts.CheckParam(column.Type.RawType == typeof(double), nameof(columnName), $"Column '{columnName}' does not have compatible type");
        return Range<double>(input, column, x => x >= lowerBound && x < upperBound);
    }

    /// <summary>Keeps the rows where none of the columns holds a missing value, in no slot.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(columns is { Length: > 0 }, nameof(columns));
        var tested = columns.Select(name => input.Schema.GetColumnOrNull(name) ?? throw Contracts.ExceptMissing("input", name)).ToArray();
        return new FilteredDataView(_env, input, row =>
        {
            var tests = tested.Select(c => MissingTests.Make(row, c)).ToArray();
            return () => tests.All(isMissing => !isMissing());
        }, tested);
    }

    private IDataView Range<T>(IDataView input, DataViewSchema.Column column, Func<T, bool> passes)
        => new FilteredDataView(_env, input, row =>
        {
            var getter = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                getter(ref value);
                return passes(value);
            };
        }, [column]);
}
