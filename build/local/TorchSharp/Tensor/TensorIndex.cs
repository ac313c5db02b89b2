using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an indexing expression: a position, a slice, a mask or tensor of positions, an ellipsis, a new axis.</summary>
    public struct TensorIndex
    {
        // The order is that of native/index.cpp.
        private enum Kind { None, Single, Null, Ellipsis, Bool, Tensor, Slice }

        private Kind _kind;
        private long? _start;
        private long? _stop;
        private long? _step;
        private Tensor? _tensor;

        public static TensorIndex Ellipsis = new() { _kind = Kind.Ellipsis };
        public static TensorIndex None = new() { _kind = Kind.None };
        public static TensorIndex Null = new() { _kind = Kind.Null };
        public static TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { _kind = Kind.Slice, _start = start, _stop = stop, _step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, range.end);

        public static TensorIndex Slice(Range range) =>
            Slice(Position(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { _kind = Kind.Bool, _start = value ? 1 : 0 };
        public static TensorIndex Single(long? index) => new() { _kind = Kind.Single, _start = index };
        public static TensorIndex Tensor(Tensor tensor) => new() { _kind = Kind.Tensor, _tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(Position(index));

        // The real library declares it too; it always throws.
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("Should not be called.");

        internal readonly NativeIndex ToNative() => new()
        {
            Kind = (int)_kind,
            Has = (_start.HasValue ? 1 : 0) | (_stop.HasValue ? 2 : 0) | (_step.HasValue ? 4 : 0),
            Start = _start.GetValueOrDefault(),
            Stop = _stop.GetValueOrDefault(),
            Step = _step.GetValueOrDefault(),
            Tensor = _tensor?.Handle ?? 0,
        };

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
