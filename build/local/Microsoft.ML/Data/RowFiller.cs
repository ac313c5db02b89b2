using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes rows of one schema into objects of a class.</summary>
internal sealed class RowFiller<TRow> where TRow : class
{
    private readonly List<(UserColumn User, DataViewSchema.Column Source)> _bound = [];

    public RowFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        foreach (var column in UserColumns.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            var source = schema.GetColumnOrNull(column.Name);
            if (source is { } found)
                _bound.Add((column, Checked(column, found)));
            else if (!ignoreMissingColumns)
                throw Contracts.ExceptMissing("", column.Name, "Schema");
        }
    }

    /// <summary>The columns that filling reads.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies => _bound.Select(b => b.Source);

    /// <summary>The action that writes the row that <paramref name="input"/> is on.</summary>
    public Action<TRow> Bind(DataViewRow input)
    {
        Action<TRow> all = _ => { };
        foreach (var (user, source) in _bound)
            all += MakeSetter(user, input, source);
        return all;
    }

    private static DataViewSchema.Column Checked(UserColumn column, DataViewSchema.Column source)
    {
        var (raw, isVector) = UserMembers.ItemOf(column.Member);
        Contracts.Check(isVector == source.Type is VectorDataViewType && source.Type.GetItemType().RawType == raw,
            $"Can't bind the IDataView column '{source.Name}' of type '{source.Type}' to field or property '{column.Member.Name}' of type '{UserMembers.TypeOf(column.Member).FullName}'.");
        return source;
    }

    private static Action<TRow> MakeSetter(UserColumn user, DataViewRow input, DataViewSchema.Column source)
    {
        var type = UserMembers.TypeOf(user.Member);
        if (type == typeof(string))
            return TextSetter(user.Member, input.GetGetter<ReadOnlyMemory<char>>(source));
        if (type == typeof(string[]))
            return TextVectorSetter(user.Member, input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(source));
        var method = type.IsArray ? nameof(ArraySetter) : source.Type is VectorDataViewType ? nameof(VectorSetter) : nameof(DirectSetter);
        return Generic.CallStatic<Action<TRow>>(typeof(RowFiller<TRow>), method, source.Type.GetItemType().RawType, user.Member, input, source);
    }

    private static Action<TRow> TextSetter(MemberInfo member, ValueGetter<ReadOnlyMemory<char>> getter)
    {
        var write = MemberAccess.Writer<TRow, string>(member);
        ReadOnlyMemory<char> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.ToString());
        };
    }

    private static Action<TRow> TextVectorSetter(MemberInfo member, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter)
    {
        var write = MemberAccess.Writer<TRow, string[]>(member);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.DenseValues().Select(text => text.ToString()).ToArray());
        };
    }

    // An array that an object brings along is filled again when it has the right size, as in ML.NET.
    private static Action<TRow> ArraySetter<T>(MemberInfo member, DataViewRow input, DataViewSchema.Column source)
    {
        var getter = input.GetGetter<VBuffer<T>>(source);
        var read = MemberAccess.Reader<TRow, T[]>(member);
        var write = MemberAccess.Writer<TRow, T[]>(member);
        VBuffer<T> value = default;
        return row =>
        {
            getter(ref value);
            var array = read?.Invoke(row);
            if (array == null || array.Length != value.Length || !value.IsDense)
                array = new T[value.Length];
            value.CopyTo(array);
            write(row, array);
        };
    }

    private static Action<TRow> VectorSetter<T>(MemberInfo member, DataViewRow input, DataViewSchema.Column source)
    {
        var getter = input.GetGetter<VBuffer<T>>(source);
        var read = MemberAccess.Reader<TRow, VBuffer<T>>(member);
        var write = MemberAccess.Writer<TRow, VBuffer<T>>(member);
        return row =>
        {
            var value = read == null ? default : read(row);
            getter(ref value);
            write(row, value);
        };
    }

    private static Action<TRow> DirectSetter<T>(MemberInfo member, DataViewRow input, DataViewSchema.Column source)
    {
        var getter = input.GetGetter<T>(source);
        var write = MemberAccess.Writer<TRow, T>(member);
        T value = default;
        return row =>
        {
            getter(ref value);
            write(row, value);
        };
    }
}
