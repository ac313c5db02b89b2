using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An argument on its way to an operator. It keeps its managed owner alive while the call runs,
/// so a temporary tensor cannot be finalised under the operator's feet.
/// </summary>
internal readonly unsafe struct Arg
{
    public readonly NativeValue Value;
    public readonly object? Owner;

    private Arg(ValueKind kind, object? owner = null, long integer = 0, double real = 0, nint data = 0, int count = 0)
    {
        Value = new NativeValue { Kind = kind, Integer = integer, Real = real, Data = (void*)data, Count = count };
        Owner = owner;
    }

    public static readonly Arg None = new(ValueKind.None);
    public static readonly Arg Default = new(ValueKind.Default);

    /// <summary>Eight-byte words that a list takes in the call's buffer.</summary>
    public int Words => Value.Kind is >= ValueKind.IntList and <= ValueKind.TensorList ? Value.Count : 0;

    public void CopyList(long* target)
    {
        switch (Owner)
        {
            case long[] longs: longs.CopyTo(new Span<long>(target, longs.Length)); break;
            case double[] doubles: doubles.CopyTo(new Span<double>(target, doubles.Length)); break;
            case IList<Tensor?> tensors:
                for (var i = 0; i < tensors.Count; i++) target[i] = tensors[i]?.Handle ?? 0;
                break;
        }
    }

    public static Arg Text(string text)
    {
        var bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetMaxByteCount(text.Length) + 1, pinned: true);
        var length = Encoding.UTF8.GetBytes(text, bytes);
        return new Arg(ValueKind.String, bytes, count: length, data: (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes[0]));
    }

    public static Arg Tensors(IList<Tensor> tensors) => new(ValueKind.TensorList, tensors, count: tensors.Count);

    public static implicit operator Arg(Tensor? value) => value is null ? None : new(ValueKind.Tensor, value, data: value.Handle);
    public static implicit operator Arg(Scalar? value) => value is null ? None : value.Kind switch
    {
        ValueKind.Double => value.ToDouble(),
        ValueKind.Bool => value.ToBoolean(),
        _ => value.ToInt64(),
    };
    public static implicit operator Arg(long value) => new(ValueKind.Int, integer: value);
    public static implicit operator Arg(int value) => new(ValueKind.Int, integer: value);
    public static implicit operator Arg(double value) => new(ValueKind.Double, real: value);
    public static implicit operator Arg(bool value) => new(ValueKind.Bool, integer: value ? 1 : 0);
    public static implicit operator Arg(long? value) => value is { } v ? v : None;
    public static implicit operator Arg(double? value) => value is { } v ? v : None;
    public static implicit operator Arg(long[]? value) => value is null ? None : new(ValueKind.IntList, value, count: value.Length);
    public static implicit operator Arg(ReadOnlySpan<long> value) => value.ToArray();
    public static implicit operator Arg(double[]? value) => value is null ? None : new(ValueKind.DoubleList, value, count: value.Length);
    public static implicit operator Arg(Tensor[] value) => Tensors(value);
    public static implicit operator Arg(ScalarType value) => new(ValueKind.Int, integer: (long)value);
    public static implicit operator Arg(ScalarType? value) => value is { } v ? v : None;
    public static implicit operator Arg(Generator? value) => value is null ? None : new(ValueKind.Generator, value, data: value.Handle);
    public static implicit operator Arg(Device? value) => value is null ? None : new(ValueKind.Device, integer: (long)value.type, count: value.index);
}
