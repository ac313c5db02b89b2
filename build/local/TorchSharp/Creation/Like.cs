using TorchSharp.Interop;

namespace TorchSharp;

// New tensors with another tensor's shape or type.
public static partial class torch
{
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(input.zeros_like(dtype, device), requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(input.ones_like(dtype, device), requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(input.empty_like(dtype, device), requires_grad, names);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(input.full_like(value, dtype, device), requires_grad, names);

    public partial class Tensor
    {
        private static readonly Op ZerosLikeOp = new("zeros_like");
        private static readonly Op OnesLikeOp = new("ones_like");
        private static readonly Op EmptyLikeOp = new("empty_like");
        private static readonly Op FullLikeOp = new("full_like");
        private static readonly Op ZerosOutOp = new("zeros", "out");
        private static readonly Op OnesOutOp = new("ones", "out");
        private static readonly Op EmptyOutOp = new("empty", "out");
        private static readonly Op FullOutOp = new("full", "out");

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            ZerosLikeOp.Call(this, dtype ?? this.dtype, Arg.None, InitializeDevice(device ?? this.device)).requires_grad_(requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            OnesLikeOp.Call(this, dtype ?? this.dtype, Arg.None, InitializeDevice(device ?? this.device)).requires_grad_(requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            EmptyLikeOp.Call(this, dtype ?? this.dtype, Arg.None, InitializeDevice(device ?? this.device)).requires_grad_(requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            FullLikeOp.Call(this, value, dtype ?? this.dtype, Arg.None, InitializeDevice(device ?? this.device)).requires_grad_(requires_grad);

        // These resize and overwrite this tensor, and give a second object for it.
        public Tensor zeros(params long[] sizes)
        {
            ZerosOutOp.Run(sizes, this);
            return alias();
        }

        public Tensor ones(params long[] sizes)
        {
            OnesOutOp.Run(sizes, this);
            return alias();
        }

        public Tensor empty(params long[] sizes)
        {
            EmptyOutOp.Run(sizes, Arg.None, this);
            return alias();
        }

        public Tensor full(long[] sizes, Scalar value)
        {
            FullOutOp.Run(sizes, value, this);
            return alias();
        }

        public Tensor full(ReadOnlySpan<long> sizes, Scalar value) => full(sizes.ToArray(), value);

        private static Tensor Into(Tensor? target, Tensor result)
        {
            if (target is null) return result;
            target.copy_(result);
            result.Dispose();
            return target.alias();
        }
    }
}
