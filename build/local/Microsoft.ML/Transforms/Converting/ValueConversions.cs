using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>
/// ML.NET's standard conversions between raw types, each a <c>Func&lt;TIn, TOut&gt;</c>. There are none between signed and
/// unsigned integers, and none from real numbers to integers.
/// </summary>
internal static class ValueConversions
{
    private static readonly Dictionary<(Type, Type), Delegate> All = Make();

    /// <summary>The conversion between two item types, or null.</summary>
    public static Delegate Find(DataViewType source, DataViewType target)
    {
        if (source is KeyDataViewType sourceKey && target is KeyDataViewType targetKey && sourceKey.Count != targetKey.Count)
            return null;
        if (source is not KeyDataViewType && target is KeyDataViewType)
            return null;
        return All.GetValueOrDefault((source.RawType, target.RawType));
    }

    private static Dictionary<(Type, Type), Delegate> Make()
    {
        var all = new Dictionary<(Type, Type), Delegate>();
        Signed<sbyte>(all);
        Signed<short>(all);
        Signed<int>(all);
        Signed<long>(all);
        Unsigned<byte>(all);
        Unsigned<ushort>(all);
        Unsigned<uint>(all);
        Unsigned<ulong>(all);
        Add<float, float>(all, v => v);
        Add<float, double>(all, v => v);
        Add<float, ReadOnlyMemory<char>>(all, v => v.ToString("G7", CultureInfo.InvariantCulture).AsMemory());
        Add<float, bool>(all, v => v != 0);
        Add<double, float>(all, v => (float)v);
        Add<double, double>(all, v => v);
        Add<double, ReadOnlyMemory<char>>(all, v => v.ToString("G17", CultureInfo.InvariantCulture).AsMemory());
        Add<double, bool>(all, v => v != 0);
        Add<bool, bool>(all, v => v);
        Add<bool, float>(all, v => v ? 1 : 0);
        Add<bool, double>(all, v => v ? 1 : 0);
        Add<bool, sbyte>(all, v => v ? (sbyte)1 : (sbyte)0);
        Add<bool, short>(all, v => v ? (short)1 : (short)0);
        Add<bool, int>(all, v => v ? 1 : 0);
        Add<bool, long>(all, v => v ? 1 : 0);
        Add<bool, ReadOnlyMemory<char>>(all, v => v.ToString().AsMemory());
        Add<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(all, v => v);
        Text<bool>(all, BooleanDataViewType.Instance);
        Text<float>(all, NumberDataViewType.Single);
        Text<double>(all, NumberDataViewType.Double);
        return all;
    }

    private static void Signed<T>(Dictionary<(Type, Type), Delegate> all) where T : struct, IBinaryInteger<T>
    {
        Add<T, sbyte>(all, sbyte.CreateTruncating);
        Add<T, short>(all, short.CreateTruncating);
        Add<T, int>(all, int.CreateTruncating);
        Add<T, long>(all, long.CreateTruncating);
        Integer<T>(all);
    }

    private static void Unsigned<T>(Dictionary<(Type, Type), Delegate> all) where T : struct, IBinaryInteger<T>
    {
        // What does not fit becomes zero, which for keys means missing.
        Add<T, byte>(all, v => ulong.CreateTruncating(v) is var u && u <= byte.MaxValue ? (byte)u : (byte)0);
        Add<T, ushort>(all, v => ulong.CreateTruncating(v) is var u && u <= ushort.MaxValue ? (ushort)u : (ushort)0);
        Add<T, uint>(all, v => ulong.CreateTruncating(v) is var u && u <= uint.MaxValue ? (uint)u : 0);
        Add<T, ulong>(all, ulong.CreateTruncating);
        Integer<T>(all);
    }

    private static void Integer<T>(Dictionary<(Type, Type), Delegate> all) where T : struct, IBinaryInteger<T>
    {
        Add<T, float>(all, float.CreateTruncating);
        Add<T, double>(all, double.CreateTruncating);
        Add<T, bool>(all, v => v != T.Zero);
        Add<T, ReadOnlyMemory<char>>(all, v => v.ToString(null, CultureInfo.InvariantCulture).AsMemory());
        Text<T>(all, ColumnTypes.FromRaw(typeof(T)));
    }

    // The empty text is zero or false. Other text that cannot be read is NaN, or false; an integer it cannot be.
    private static void Text<T>(Dictionary<(Type, Type), Delegate> all, PrimitiveDataViewType type)
    {
        var parse = TextValues.ParserOf<T>(type, '.', emptyIsMissing: false);
        bool isInteger = type is NumberDataViewType && !TextValues.HasMissing(type);
        Add<ReadOnlyMemory<char>, T>(all, text =>
        {
            if (text.IsEmpty)
                return default;
            bool read = parse(text.Span, out var value);
            return read || !isInteger ? value : throw new InvalidOperationException($"Value could not be parsed from text to {typeof(T).Name}.");
        });
    }

    private static void Add<TIn, TOut>(Dictionary<(Type, Type), Delegate> all, Func<TIn, TOut> convert) => all[(typeof(TIn), typeof(TOut))] = convert;
}
