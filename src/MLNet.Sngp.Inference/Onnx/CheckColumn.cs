using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Sngp.Onnx;

/// <summary>Values of one column from which rows are made: those of a table and odd ones.</summary>
/// <param name="column">The column.</param>
internal abstract class CheckColumn(DataViewSchema.Column column)
{
    public string Name => column.Name;

    /// <summary>How many values are there: first those that were read.</summary>
    public abstract int Count { get; }

    /// <summary>Whether all values have the same number of elements, so that rows can share a tensor.</summary>
    public bool HasKnownSize => column.Type is not VectorDataViewType { IsKnownSize: false };

    protected DataViewSchema.Column Column => column;

    public static CheckColumn Create(DataViewSchema.Column column)
    {
        if (ImageColumns.IsImage(column.Type))
            return ImageColumns.Values(column);
        var item = (column.Type as VectorDataViewType)?.ItemType.RawType ?? column.Type.RawType;
        return (CheckColumn)Activator.CreateInstance(typeof(CheckColumn<>).MakeGenericType(item), column)!;
    }

    /// <summary>A function that adds the value of the cursor's row.</summary>
    public abstract Action ReadFrom(DataViewRow row);

    /// <summary>Adds a value for a table without rows, and after it the odd ones.</summary>
    public abstract void AddOdd();

    /// <summary>A getter of the value whose number <paramref name="current"/> gives.</summary>
    public abstract Delegate Getter(Func<int> current);

    /// <summary>Values as a tensor whose first dimension is the row.</summary>
    public abstract NamedOnnxValue Tensor(IReadOnlyList<int> values);

    /// <summary>The elements of a value.</summary>
    public abstract object[] Elements(int value);

    /// <summary>A value for a reader.</summary>
    public string Describe(int value)
    {
        var elements = Elements(value).Select(Text).ToList();
        return column.Type is not VectorDataViewType
            ? elements[0]
            : $"[{string.Join(", ", elements.Take(4))}{(elements.Count > 4 ? ", …" : "")}]";
    }

    /// <summary>An element for a reader.</summary>
    public static string Text(object element) => element is ReadOnlyMemory<char> or string
        ? $"\"{element}\""
        : Convert.ToString(element, CultureInfo.InvariantCulture)!;
}

/// <inheritdoc cref="CheckColumn"/>
/// <typeparam name="T">The type of an element.</typeparam>
internal sealed class CheckColumn<T>(DataViewSchema.Column column) : CheckColumn(column)
{
    private readonly List<T[]> _values = [];

    public override int Count => _values.Count;

    private VectorDataViewType? Vector => Column.Type as VectorDataViewType;

    public void Add(T[] elements) => _values.Add(elements);

    public override Action ReadFrom(DataViewRow row)
    {
        if (Vector is null)
        {
            var getter = row.GetGetter<T>(Column);
            return () =>
            {
                T value = default!;
                getter(ref value);
                Add([Owned(value)]);
            };
        }
        var vectorGetter = row.GetGetter<VBuffer<T>>(Column);
        return () =>
        {
            VBuffer<T> value = default;
            vectorGetter(ref value);
            Add([.. value.DenseValues().Select(Owned)]);
        };
    }

    public override void AddOdd()
    {
        var item = Vector?.ItemType ?? Column.Type;
        if (_values.Count == 0)
            Add(new T[Vector is null ? 1 : Math.Max(1, Vector.Size)]);
        var first = _values[0];
        foreach (var odd in OddValues.Of(item, [.. _values.SelectMany(elements => elements)]).ToList())
        {
            if (first.Length > 1)
                Add([odd, .. first[1..]]);
            Add(Enumerable.Repeat(odd, first.Length).ToArray());
        }
    }

    public override Delegate Getter(Func<int> current)
    {
        ValueGetter<T> scalar = (ref T value) => value = _values[current()][0];
        ValueGetter<VBuffer<T>> vector = (ref VBuffer<T> value) =>
        {
            var elements = _values[current()];
            value = new VBuffer<T>(elements.Length, (T[])elements.Clone());
        };
        return Vector is null ? scalar : vector;
    }

    public override NamedOnnxValue Tensor(IReadOnlyList<int> values)
    {
        var elements = values.SelectMany(value => _values[value]).ToArray();
        int[] shape = Vector switch
        {
            { IsKnownSize: true } known => [values.Count, .. known.Dimensions],
            _ => [values.Count, elements.Length / values.Count],
        };
        return elements is ReadOnlyMemory<char>[] texts
            ? NamedOnnxValue.CreateFromTensor(Name, new DenseTensor<string>(Array.ConvertAll(texts, text => text.ToString()), shape))
            : NamedOnnxValue.CreateFromTensor(Name, new DenseTensor<T>(elements, shape));
    }

    public override object[] Elements(int value) => [.. _values[value].Cast<object>()];

    // The text of a row lies in a buffer that the next row may overwrite.
    private static T Owned(T value) => value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
}
