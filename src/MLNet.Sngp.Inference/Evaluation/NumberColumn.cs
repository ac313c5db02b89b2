using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>Reads a column of numbers, whatever their precision and whether alone or in a vector.</summary>
internal static class NumberColumn
{
    public const string Remedy = "Pass the name of a column that holds one number a row, such as 'Uncertainty'.";

    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static DataViewSchema.Column Find(IDataView data, string role, string name)
    {
        ColumnShapes.Of(data.Schema).Find(role, name, Remedy);
        return data.Schema[name];
    }

    /// <summary>The column's value in the cursor's row; for a vector the mean over its slots.</summary>
    public static Func<double> Getter(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Single)
            return Scalar<float>(cursor, column, value => value);
        if (column.Type == NumberDataViewType.Double)
            return Scalar<double>(cursor, column, value => value);
        if (column.Type is VectorDataViewType vector)
        {
            if (vector.ItemType == NumberDataViewType.Single)
                return Mean<float>(cursor, column, value => value);
            if (vector.ItemType == NumberDataViewType.Double)
                return Mean<double>(cursor, column, value => value);
        }

        throw new ArgumentException(
            $"Column '{column.Name}' is of type {column.Type}, but Single or Double, or a vector of them, is needed. "
            + Remedy);
    }

    /// <summary>The values of some columns, row by row.</summary>
    public static IEnumerable<double[]> Rows(IDataView data, params DataViewSchema.Column[] columns)
    {
        using var cursor = data.GetRowCursor(columns);
        var getters = Array.ConvertAll(columns, column => Getter(cursor, column));
        while (cursor.MoveNext())
            yield return Array.ConvertAll(getters, get => get());
    }

    private static Func<double> Scalar<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, double> widen)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }

    private static Func<double> Mean<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, double> widen)
    {
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            getter(ref buffer);
            double sum = 0;
            foreach (T value in buffer.GetValues())
                sum += widen(value);
            return sum / buffer.Length;
        };
    }
}
