using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells whether a column holds a missing value in the current row.</summary>
internal static class MissingTests
{
    public static Func<bool> Make(DataViewRow row, DataViewSchema.Column column)
    {
        var item = column.Type.GetItemType();
        Contracts.CheckParam(item is KeyDataViewType || item.RawType == typeof(float) || item.RawType == typeof(double), "columns",
            $"Column '{column.Name}' has type {column.Type} which does not support missing values, so we cannot filter on them");
        return Generic.CallStatic<Func<bool>>(typeof(MissingTests), column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar), item.RawType, row, column);
    }

    private static Func<bool> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return IsMissing(value);
        };
    }

    private static Func<bool> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            foreach (var item in value.GetValues())
                if (IsMissing(item))
                    return true;
            return !value.IsDense && IsMissing<T>(default);
        };
    }

    private static bool IsMissing<T>(T value) => value switch
    {
        float x => float.IsNaN(x),
        double x => double.IsNaN(x),
        _ => Convert.ToUInt64(value) == 0,
    };
}
