using System;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Getters over the members of the object that is current.</summary>
internal sealed class UserGetters<TRow> where TRow : class
{
    private readonly Func<TRow> _current;
    private readonly Delegate[] _getters;

    public UserGetters(UserColumn[] columns, Func<TRow> current, Func<int, bool> active)
    {
        _current = current;
        _getters = new Delegate[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            _getters[i] = active(i) ? Make(columns[i]) : null;
    }

    public bool IsActive(DataViewSchema.Column column)
    {
        Contracts.Check(column.Index < _getters.Length, $"Column index must be between 0 and {_getters.Length}");
        return _getters[column.Index] != null;
    }

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsActive(column), nameof(column), "requested column not active");
        return Columns.Cast<TValue>(_getters[column.Index]);
    }

    private Delegate Make(UserColumn column)
    {
        var type = UserMembers.TypeOf(column.Member);
        if (type == typeof(string))
            return TextGetter(column.Member);
        if (type == typeof(string[]))
            return TextVectorGetter(column.Member);
        var method = type.IsArray ? nameof(ArrayGetter)
            : column.Type is VectorDataViewType ? nameof(VectorGetter)
            : column.Type is KeyDataViewType ? nameof(KeyGetter) : nameof(DirectGetter);
        var raw = column.Type.GetItemType().RawType;
        return Generic.Call<Delegate>(this, method, raw, column);
    }

    private ValueGetter<ReadOnlyMemory<char>> TextGetter(MemberInfo member)
    {
        var read = MemberAccess.Reader<TRow, string>(member);
        return (ref ReadOnlyMemory<char> value) => value = read(_current()).AsMemory();
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextVectorGetter(MemberInfo member)
    {
        var read = MemberAccess.Reader<TRow, string[]>(member);
        return (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var texts = read(_current()) ?? [];
            var editor = VBufferEditor.Create(ref value, texts.Length);
            for (var i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<T>> ArrayGetter<T>(UserColumn column)
    {
        var read = MemberAccess.Reader<TRow, T[]>(column.Member);
        return (ref VBuffer<T> value) =>
        {
            var items = read(_current()) ?? [];
            var editor = VBufferEditor.Create(ref value, items.Length);
            items.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<T>> VectorGetter<T>(UserColumn column)
    {
        var read = MemberAccess.Reader<TRow, VBuffer<T>>(column.Member);
        return (ref VBuffer<T> value) => read(_current()).CopyTo(ref value);
    }

    private ValueGetter<T> DirectGetter<T>(UserColumn column)
    {
        var read = MemberAccess.Reader<TRow, T>(column.Member);
        return (ref T value) => value = read(_current());
    }

    // An ML.NET quirk: a scalar key in a user's object counts from zero, in a data view from one; and a UInt16 is refused.
    private ValueGetter<T> KeyGetter<T>(UserColumn column)
    {
        Contracts.Check(typeof(T) != typeof(ushort), "A key of an object cannot be held in a UInt16.");
        var read = MemberAccess.Reader<TRow, T>(column.Member);
        var count = ((KeyDataViewType)column.Type).Count;
        return (ref T value) =>
        {
            var index = Convert.ToUInt64(read(_current()));
            value = (T)Convert.ChangeType(index < count ? index + 1 : 0, typeof(T));
        };
    }
}

/// <summary>A row over an object that is set from outside.</summary>
internal sealed class UserRow<TRow> : DataViewRow where TRow : class
{
    private readonly UserGetters<TRow> _getters;
    private TRow _value;
    private long _position = -1;

    public UserRow(UserColumn[] columns)
    {
        Schema = UserColumns.SchemaOf(columns);
        _getters = new UserGetters<TRow>(columns, Current, _ => true);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    /// <summary>Makes an object the current one.</summary>
    public void ExtractValues(TRow row)
    {
        Contracts.CheckValue(row, nameof(row));
        _value = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    private TRow Current()
    {
        Contracts.Check(_position >= 0, "Cannot fetch a value while there is no row.");
        return _value;
    }
}
