using System.Collections;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes a tensor's elements in row-major order of its shape, whatever its strides are.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private Tensor? _tensor;
    private T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;

    internal TensorAccessor(Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        Native.Check(Native.sngp_tensor_data(tensor.Handle, out var data));
        _data = (T*)data;
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        IsContiguous = tensor.is_contiguous();
    }

    private bool IsContiguous { get; }

    public long Count => _tensor?.numel() ?? 0;
    public bool IsReadOnly => false;

    /// <summary>The element at a row-major position (one index) or at coordinates (one index for each dimension).</summary>
    public T this[params long[] indices]
    {
        get => indices.Length == 1 ? At(indices[0]) : _data[Offset(indices)];
        set
        {
            if (indices.Length == 1 && indices[0] >= Count) throw new IndexOutOfRangeException();
            _data[Offset(indices)] = value;
        }
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>The elements as an array with as many dimensions as the tensor; one element when it has none.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length < 2) return ToArray();
        var result = Array.CreateInstance(typeof(T), _shape);
        var position = new long[_shape.Length];
        foreach (var value in this)
        {
            result.SetValue(value, position);
            for (var d = _shape.Length - 1; d >= 0 && ++position[d] == _shape[d]; d--) position[d] = 0;
        }
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[Math.Min(arrayIndex, array.Length)..];
        var count = (int)Math.Min(target.Length, Math.Max(0, Count - tensorIndex));
        if (IsContiguous)
        {
            new ReadOnlySpan<T>(_data + tensorIndex, count).CopyTo(target);
            return;
        }
        for (var i = 0; i < count; i++) target[i] = _data[Offset(tensorIndex + i)];
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[Math.Min(arrayIndex, array.Length)..];
        var count = (int)Math.Min(source.Length, Math.Max(0, Count - tensorIndex));
        if (IsContiguous)
        {
            source[..count].CopyTo(new Span<T>(_data + tensorIndex, count));
            return;
        }
        for (var i = 0; i < count; i++) _data[Offset(tensorIndex + i)] = source[i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0, count = Count; i < count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);
    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);
    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;
    public override int GetHashCode() => base.GetHashCode();

    public void Dispose()
    {
        _data = null;
        _tensor = null;
        GC.SuppressFinalize(this);
    }

    internal static T ReadItemAt(Tensor tensor, long index)
    {
        tensor.ValidateType(typeof(T));
        using var accessor = new TensorAccessor<T>(tensor);
        return accessor._data[accessor.Offset(index)];
    }

    private T At(long index)
    {
        if (index >= Count) throw new IndexOutOfRangeException();
        return _data[Offset(index)];
    }

    private long Offset(long index)
    {
        if (index < 0 || index >= Count) throw new ArgumentOutOfRangeException(nameof(index), $"{index} in a collection of {Count} elements.");
        if (IsContiguous) return index;
        long offset = 0;
        for (var d = _shape.Length - 1; d >= 0; d--)
        {
            index = Math.DivRem(index, _shape[d], out var along);
            offset += along * _strides[d];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        long offset = 0;
        for (var d = _shape.Length - 1; d >= 0; d--)
        {
            if (indices[d] < 0 || indices[d] >= _shape[d]) throw new IndexOutOfRangeException($"{indices[d]} >= {_shape[d]} in dimension {d}.");
            offset += indices[d] * _strides[d];
        }
        return offset;
    }
}
