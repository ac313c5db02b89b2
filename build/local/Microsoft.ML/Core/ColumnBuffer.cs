using System;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Values of one column, kept beyond the row that they came from.</summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(Type raw) => (ColumnBuffer)Activator.CreateInstance(typeof(ColumnBuffer<>).MakeGenericType(raw));

    /// <summary>The getter of a row for a column of this buffer's type.</summary>
    public abstract Delegate Source(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Stores what a getter gives.</summary>
    public abstract void Fill(int index, Delegate getter);

    /// <summary>A getter of what <paramref name="place"/> points at when it is called.</summary>
    public abstract Delegate Getter(Func<(ColumnBuffer Buffer, int Index)> place);
}

internal sealed class ColumnBuffer<T> : ColumnBuffer
{
    private delegate void Copier(in T source, ref T destination);

    private static readonly Copier Copy = MakeCopier();

    private T[] _values = [];

    public override Delegate Source(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);

    public override void Fill(int index, Delegate getter)
    {
        if (index >= _values.Length)
            Array.Resize(ref _values, Math.Max(index + 1, 2 * _values.Length));
        ((ValueGetter<T>)getter)(ref _values[index]);
    }

    public override Delegate Getter(Func<(ColumnBuffer Buffer, int Index)> place) => (ValueGetter<T>)((ref T value) =>
    {
        var (buffer, index) = place();
        Copy(in ((ColumnBuffer<T>)buffer)._values[index], ref value);
    });

    private static void CopyVector<TItem>(in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination);

    private static Copier MakeCopier()
    {
        if (!typeof(T).IsGenericType || typeof(T).GetGenericTypeDefinition() != typeof(VBuffer<>))
            return (in T source, ref T destination) => destination = source;
        return typeof(ColumnBuffer<T>).GetMethod(nameof(CopyVector), BindingFlags.NonPublic | BindingFlags.Static)
            .MakeGenericMethod(typeof(T).GetGenericArguments()).CreateDelegate<Copier>();
    }
}

/// <summary>The active columns of a row and its id, as they are kept in buffers.</summary>
internal sealed class RowLayout
{
    private readonly int[] _columns;
    private readonly int[] _places;

    public RowLayout(DataViewSchema schema, Func<DataViewSchema.Column, bool> isActive)
    {
        Schema = schema;
        _columns = schema.Where(isActive).Select(c => c.Index).ToArray();
        _places = Enumerable.Range(0, schema.Count).Select(i => Array.IndexOf(_columns, i)).ToArray();
    }

    public DataViewSchema Schema { get; }

    public bool IsActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < _places.Length, nameof(column));
        return _places[column.Index] >= 0;
    }

    /// <summary>One buffer for each active column and a last one for the ids.</summary>
    public ColumnBuffer[] NewBuffers()
        => [.. _columns.Select(i => ColumnBuffer.Create(Schema[i].Type.RawType)), new ColumnBuffer<DataViewRowId>()];

    public Delegate[] SourcesOf(DataViewRow row)
        => [.. NewBuffers().Take(_columns.Length).Select((b, i) => b.Source(row, row.Schema[_columns[i]])), row.GetIdGetter()];

    public static void Fill(ColumnBuffer[] buffers, Delegate[] sources, int index)
    {
        for (var i = 0; i < buffers.Length; i++)
            buffers[i].Fill(index, sources[i]);
    }

    /// <summary>Getters for each active column and a last one for ids, which read where <paramref name="place"/> points.</summary>
    public Delegate[] GettersAt(Func<(ColumnBuffer[] Buffers, int Index)> place)
        => NewBuffers().Select((buffer, i) => buffer.Getter(() =>
        {
            var (buffers, index) = place();
            return (buffers[i], index);
        })).ToArray();

    public ValueGetter<TValue> Get<TValue>(Delegate[] getters, DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsActive(column), nameof(column), "requested column not active");
        return Columns.Cast<TValue>(getters[_places[column.Index]]);
    }
}

/// <summary>A cursor over buffered rows.</summary>
internal abstract class BufferedCursor : RootCursor
{
    private readonly RowLayout _layout;
    private readonly Delegate[] _getters;

    protected BufferedCursor(IChannelProvider provider, RowLayout layout) : base(provider)
    {
        _layout = layout;
        _getters = layout.GettersAt(CheckedPlace);
    }

    public sealed override DataViewSchema Schema => _layout.Schema;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => _layout.IsActive(column);

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _layout.Get<TValue>(_getters, column);

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_getters[^1];

    /// <summary>Where the current row is.</summary>
    protected abstract (ColumnBuffer[] Buffers, int Index) Place();

    private (ColumnBuffer[] Buffers, int Index) CheckedPlace()
    {
        CheckGood();
        return Place();
    }
}
