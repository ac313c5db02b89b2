using System.Numerics;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>Values of a column that a converted step may treat otherwise than ML.NET does, made from those of some rows.</summary>
internal static class OddValues
{
    // How far beyond all that was seen a large value lies. Not further, or squares would leave single precision on both sides.
    private const int Beyond = 1000;

    /// <summary>Empty, spaces, padded, upper-case and non-ASCII text; NaN, zero, negative and large numbers; missing and last keys; both
    /// truth values.</summary>
    /// <param name="type">The type of the column's elements.</param>
    /// <param name="seen">Elements of some rows.</param>
    public static IEnumerable<T> Of<T>(DataViewType type, IEnumerable<T> seen) => typeof(T) switch
    {
        var t when t == typeof(ReadOnlyMemory<char>) => Texts(seen.Cast<ReadOnlyMemory<char>>()).Select(text => text.AsMemory()).Cast<T>(),
        var t when t == typeof(bool) => ((bool[])[false, true]).Cast<T>(),
        var t when t == typeof(float) => Numbers(seen.Cast<float>().Where(float.IsFinite), float.NaN).Cast<T>(),
        var t when t == typeof(double) => Numbers(seen.Cast<double>().Where(double.IsFinite), double.NaN).Cast<T>(),
        _ when type is KeyDataViewType key => ((ulong[])[0, key.Count]).Select(value => (T)Convert.ChangeType(value, typeof(T), null)),
        var t => Integers(t).Cast<T>(),
    };

    private static IEnumerable<string> Texts(IEnumerable<ReadOnlyMemory<char>> seen)
    {
        var text = seen.Select(value => value.ToString()).FirstOrDefault(value => value.Trim().Length > 0) ?? "a";
        return ["", " ", $" {text} ", text.ToUpperInvariant(), text + "é", "Straße 東京 😀"];
    }

    private static IEnumerable<TNumber> Numbers<TNumber>(IEnumerable<TNumber> seen, TNumber notANumber)
        where TNumber : INumber<TNumber>
    {
        var largest = seen.Aggregate(TNumber.Zero, (max, value) => TNumber.Max(max, TNumber.Abs(value)));
        if (TNumber.IsZero(largest))
            largest = TNumber.One;
        var large = largest * TNumber.CreateChecked(Beyond);
        return [notANumber, TNumber.Zero, -largest, large, -large];
    }

    private static IEnumerable<object> Integers(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => [(sbyte)0, (sbyte)-1, sbyte.MaxValue],
        TypeCode.Byte => [(byte)0, byte.MaxValue],
        TypeCode.Int16 => [(short)0, (short)-1, short.MaxValue],
        TypeCode.UInt16 => [(ushort)0, ushort.MaxValue],
        TypeCode.Int32 => [0, -1, int.MaxValue],
        TypeCode.UInt32 => [0u, uint.MaxValue],
        TypeCode.Int64 => [0L, -1L, long.MaxValue],
        TypeCode.UInt64 => [0ul, ulong.MaxValue],
        _ => [],
    };
}
