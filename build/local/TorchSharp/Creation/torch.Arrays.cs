using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors over or from managed arrays.
public static partial class torch
{
    /// <summary>A tensor over the array's own memory when no conversion is asked for: writing one writes the other.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, ElementType(rawArray), device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var d = 0; d < shape.Length; d++) shape[d] = rawArray.GetLength(d);
        return Convert(Over(rawArray, shape, 0), dtype, device, requires_grad, names);
    }

    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = length - offset;
        if (count > length - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        return Convert(Over(rawArray, [count], offset), dtype, null, requires_grad, null);
    }

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null)
    {
        if (dtype is { } type && data.dtype != type) return data.to(type).requires_grad_(data.requires_grad);
        return data.alias();
    }

    private static unsafe Tensor Copy<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType stored, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        long total = 1;
        foreach (var length in shape) total *= length;
        if (total > values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {total} vs. {values.Length}");
        fixed (T* data = values)
        fixed (long* sizes = shape)
        {
            Native.Check(Native.sngp_tensor_from_memory(data, (long)values.Length * sizeof(T), sizes, shape.Length, (int)stored, out var handle));
            return Convert(new Tensor(handle), dtype, device, requires_grad, names);
        }
    }

    private static ReadOnlySpan<T> Elements<T>(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static unsafe Tensor Over(Array array, long[] shape, long offset)
    {
        var type = ElementType(array);
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        var start = (byte*)pin.AddrOfPinnedObject() + offset * type.ElementSize();
        fixed (long* sizes = shape)
        {
            Native.Check(Native.sngp_tensor_over_memory(start, sizes, shape.Length, (int)type, &Release, GCHandle.ToIntPtr(pin), out var handle));
            return new Tensor(handle);
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint pin) => GCHandle.FromIntPtr(pin).Free();

    private static Tensor Convert(Tensor made, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        InitializeDevice(device);
        var type = dtype ?? made.dtype;
        return Finish(type == made.dtype ? made : made.to_type(type, disposeAfter: true), requires_grad, names);
    }

    private static ScalarType ElementType(Array array)
    {
        var type = array.GetType().GetElementType();
        if (type == typeof(byte)) return ScalarType.Byte;
        if (type == typeof(sbyte)) return ScalarType.Int8;
        if (type == typeof(short)) return ScalarType.Int16;
        if (type == typeof(int)) return ScalarType.Int32;
        if (type == typeof(long)) return ScalarType.Int64;
        if (type == typeof(Half)) return ScalarType.Float16;
        if (type == typeof(float)) return ScalarType.Float32;
        if (type == typeof(double)) return ScalarType.Float64;
        if (type == typeof(bool)) return ScalarType.Bool;
        throw new NotSupportedException($"The type {type} is not supported as a tensor element.");
    }
}
