using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number for an operator: an integer, a real or a truth value. Complex numbers are not covered.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long _integer;
    private readonly double _real;
    private bool _disposed;

    private Scalar(ValueKind kind, long integer, double real) => (_kind, _integer, _real) = (kind, integer, real);

    private readonly ValueKind _kind;

    internal ValueKind Kind => _disposed ? throw new InvalidOperationException("Scalar invalid -- empty handle.") : _kind;
    internal long AsInt64 => Kind == ValueKind.Double ? (long)_real : _integer;
    internal double AsDouble => Kind == ValueKind.Double ? _real : _integer;

    internal static Scalar Of(long value) => new(ValueKind.Int, value, 0);
    internal static Scalar Of(double value) => new(ValueKind.Double, 0, value);
    internal static Scalar Of(bool value) => new(ValueKind.Bool, value ? 1 : 0, 0);

    public ScalarType Type => Kind switch
    {
        ValueKind.Double => ScalarType.Float64,
        ValueKind.Bool => ScalarType.Bool,
        _ => ScalarType.Int64,
    };

    public static implicit operator Scalar(byte value) => Of(value);
    public static implicit operator Scalar(sbyte value) => Of(value);
    public static implicit operator Scalar(short value) => Of(value);
    public static implicit operator Scalar(int value) => Of(value);
    public static implicit operator Scalar(long value) => Of(value);
    public static implicit operator Scalar(Half value) => Of((double)value);
    public static implicit operator Scalar(float value) => Of((double)value);
    public static implicit operator Scalar(double value) => Of(value);
    public static implicit operator Scalar(bool value) => Of(value);

    public void Dispose()
    {
        _disposed = true;
        GC.SuppressFinalize(this);
    }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsInt64;
    public static byte ToByte(this Scalar value) => (byte)value.AsInt64;
    public static short ToInt16(this Scalar value) => (short)value.AsInt64;
    public static int ToInt32(this Scalar value) => (int)value.AsInt64;
    public static long ToInt64(this Scalar value) => value.AsInt64;
    public static bool ToBoolean(this Scalar value) => value.Kind == ValueKind.Double ? value.AsDouble != 0 : value.AsInt64 != 0;
}
