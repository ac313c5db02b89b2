using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Gives the buffer that holds a column's value for the current row, and the index of the row in it.</summary>
internal delegate ColumnBuffer ColumnLocator(out int row);

/// <summary>
/// The values of one column of the input for the rows of a batch: they are read when the batch is, because the input has moved on
/// when the caller asks for them.
/// </summary>
internal abstract class ColumnBuffer
{
    /// <summary>A buffer without room, from which others are made.</summary>
    public static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column)
    {
        var type = column.Type is VectorDataViewType vector
            ? typeof(VectorColumnBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ScalarColumnBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, input, column)!;
    }

    /// <summary>A buffer of the same column with room for <paramref name="capacity"/> rows.</summary>
    public abstract ColumnBuffer WithCapacity(int capacity);

    /// <summary>Takes the value of the input's current row.</summary>
    public abstract void Read(int row);

    /// <summary>Exchanges a row for one of another buffer of the same column: the memory of vectors has one owner.</summary>
    public abstract void Swap(int row, ColumnBuffer other, int otherRow);

    /// <summary>Makes ML.NET's getter for the column.</summary>
    public abstract Delegate CreateGetter(ColumnLocator locate);
}

/// <inheritdoc/>
internal abstract class ColumnBuffer<T>(ValueGetter<T> getter, int capacity) : ColumnBuffer
{
    protected ValueGetter<T> Getter { get; } = getter;

    protected T[] Values { get; } = new T[capacity];

    public sealed override Delegate CreateGetter(ColumnLocator locate)
    {
        ValueGetter<T> get = (ref T value) => ((ColumnBuffer<T>)locate(out var row)).Get(row, ref value);
        return get;
    }

    public sealed override void Swap(int row, ColumnBuffer other, int otherRow)
    {
        var values = ((ColumnBuffer<T>)other).Values;
        (Values[row], values[otherRow]) = (values[otherRow], Values[row]);
    }

    protected abstract void Get(int row, ref T value);
}

/// <inheritdoc/>
internal sealed class ScalarColumnBuffer<T>(ValueGetter<T> getter, int capacity) : ColumnBuffer<T>(getter, capacity)
{
    public ScalarColumnBuffer(DataViewRow input, DataViewSchema.Column column)
        : this(input.GetGetter<T>(column), 0)
    {
    }

    public override ColumnBuffer WithCapacity(int capacity) => new ScalarColumnBuffer<T>(Getter, capacity);

    public override void Read(int row)
    {
        // An object of an earlier row, an image say, belongs to whoever took it: do not let the input reuse or dispose it.
        if (!typeof(T).IsValueType)
            Values[row] = default!;
        Getter(ref Values[row]);
    }

    protected override void Get(int row, ref T value) => value = Values[row];
}

/// <inheritdoc/>
internal sealed class VectorColumnBuffer<T>(ValueGetter<VBuffer<T>> getter, int capacity) : ColumnBuffer<VBuffer<T>>(getter, capacity)
{
    public VectorColumnBuffer(DataViewRow input, DataViewSchema.Column column)
        : this(input.GetGetter<VBuffer<T>>(column), 0)
    {
    }

    public override ColumnBuffer WithCapacity(int capacity) => new VectorColumnBuffer<T>(Getter, capacity);

    public override void Read(int row) => Getter(ref Values[row]);

    protected override void Get(int row, ref VBuffer<T> value) => Values[row].CopyTo(ref value);
}
