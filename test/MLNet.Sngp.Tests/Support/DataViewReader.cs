using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Reads any column of a table as text, so that tables can be compared.</summary>
internal static class DataViewReader
{
    /// <summary>A function that gives the current value of a column as text, exactly.</summary>
    public static Func<string> Value(DataViewRow row, DataViewSchema.Column column)
    {
        var method = typeof(DataViewReader).GetMethod(column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar),
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        var type = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (Func<string>)method.MakeGenericMethod(type).Invoke(null, [row, column])!;
    }

    /// <summary>All rows of the columns, as text.</summary>
    public static List<string> Rows(IDataView view, IReadOnlyList<DataViewSchema.Column> columns, Random? random = null)
    {
        using var cursor = view.GetRowCursor(columns, random);
        return Rows(cursor, columns);
    }

    public static List<string> Rows(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var values = columns.Select(column => Value(cursor, column)).ToList();
        var id = cursor.GetIdGetter();
        var rows = new List<string>();
        while (cursor.MoveNext())
        {
            DataViewRowId rowId = default;
            id(ref rowId);
            rows.Add($"{rowId}: " + string.Join("; ", values.Select(value => value())));
        }
        return rows;
    }

    /// <summary>Names, types and annotations of all columns that are not hidden. Which model made a column is left out: it is not
    /// saved.</summary>
    public static List<string> Describe(DataViewSchema schema) => [.. schema.Where(column => !column.IsHidden).Select(Describe)];

    public static string Describe(DataViewSchema.Column column) =>
        $"{column.Name}: {column.Type}" + string.Concat(column.Annotations.Schema.Where(kind => kind.Name != ModelAnnotation.Kind)
            .Select(kind => $" {kind.Name}:{kind.Type}={Annotation(column, kind)}"));

    private static string Annotation(DataViewSchema.Column column, DataViewSchema.Column kind)
    {
        var method = typeof(DataViewReader)
            .GetMethod(nameof(AnnotationText), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        return (string)method.MakeGenericMethod(kind.Type.RawType).Invoke(null, [column, kind.Name])!;
    }

    private static string AnnotationText<T>(DataViewSchema.Column column, string kind)
    {
        T value = default!;
        column.Annotations.GetValue(kind, ref value);
        return value is System.Collections.IEnumerable and not string ? Join(value) : Text(value);
    }

    private static string Join<T>(T value)
    {
        var items = (System.Collections.IEnumerable)value!.GetType().GetMethod("DenseValues")!.Invoke(value, null)!;
        return "[" + string.Join(",", items.Cast<object>().Select(Text)) + "]";
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return "[" + string.Join(",", value.DenseValues().Select(item => Text(item))) + "]";
        };
    }

    private static string Text<T>(T value) => value switch
    {
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
