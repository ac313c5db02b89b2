using System;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Compiled reads and writes of fields and properties; compiling takes milliseconds, so each is done once.</summary>
internal static class MemberAccess
{
    private static readonly ConcurrentDictionary<(Type, MemberInfo), Delegate> Readers = new();
    private static readonly ConcurrentDictionary<(Type, MemberInfo), Delegate> Writers = new();

    /// <summary>Null for a property that can only be written.</summary>
    public static Func<TRow, TValue> Reader<TRow, TValue>(MemberInfo member)
        => (Func<TRow, TValue>)Readers.GetOrAdd((typeof(TRow), member), _ => MakeReader<TRow, TValue>(member));

    public static Action<TRow, TValue> Writer<TRow, TValue>(MemberInfo member)
        => (Action<TRow, TValue>)Writers.GetOrAdd((typeof(TRow), member), _ => MakeWriter<TRow, TValue>(member));

    private static Func<TRow, TValue> MakeReader<TRow, TValue>(MemberInfo member)
    {
        if (member is PropertyInfo property && property.GetGetMethod() == null)
            return null;
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, member), row).Compile();
    }

    private static Action<TRow, TValue> MakeWriter<TRow, TValue>(MemberInfo member)
    {
        if (member is PropertyInfo property && property.GetSetMethod() == null)
            throw new InvalidOperationException($"The property '{member.Name}' of {typeof(TRow)} cannot be written.");
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, member), value), row, value).Compile();
    }
}
