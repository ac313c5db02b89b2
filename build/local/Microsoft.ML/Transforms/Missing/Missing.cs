using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What counts as a missing value: NaN, the empty text, and key 0. Other types have none.</summary>
internal static class Missing
{
    public static Func<T, bool> Predicate<T>(DataViewType type)
    {
        if (type is KeyDataViewType)
            return value => value.Equals(default(T));
        if (typeof(T) == typeof(float))
            return (Func<T, bool>)(object)(Func<float, bool>)float.IsNaN;
        if (typeof(T) == typeof(double))
            return (Func<T, bool>)(object)(Func<double, bool>)double.IsNaN;
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (Func<T, bool>)(object)(Func<ReadOnlyMemory<char>, bool>)(text => text.IsEmpty);
        return _ => false;
    }

    /// <summary>The missing value of a type, or its default where it has none.</summary>
    public static T Value<T>()
    {
        if (typeof(T) == typeof(float))
            return (T)(object)float.NaN;
        if (typeof(T) == typeof(double))
            return (T)(object)double.NaN;
        return default;
    }
}
