using TorchSharp.Interop;

namespace TorchSharp;

// New tensors: the common ground of the overloads, and ranges.
public static partial class torch
{
    private static readonly Op ZerosOp = new("zeros");
    private static readonly Op OnesOp = new("ones");
    private static readonly Op EmptyOp = new("empty", "memory_format");
    private static readonly Op FullOp = new("full");
    private static readonly Op RandOp = new("rand", "generator");
    private static readonly Op RandnOp = new("randn", "generator");
    private static readonly Op RandintOp = new("randint", "low_generator");
    private static readonly Op EyeOp = new("eye", "m");
    private static readonly Op ArangeOp = new("arange", "start_step");
    private static readonly Op LinspaceOp = new("linspace");
    private static readonly Op LogspaceOp = new("logspace");

    private static Tensor MakeZeros(long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(ZerosOp.Call(size, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    private static Tensor MakeOnes(long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(OnesOp.Call(size, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    private static Tensor MakeEmpty(long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(EmptyOp.Call(size, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    private static Tensor MakeFull(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(FullOp.Call(size, value, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad, names);

    private static Tensor MakeRand(long[] size, Generator? generator, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(RandOp.Call(size, generator, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    private static Tensor MakeRandn(long[] size, Generator? generator, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Finish(RandnOp.Call(size, generator, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Finish(RandintOp.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint((long)low, high, Array.ConvertAll(size, n => (long)n), dtype, device, requires_grad, generator, names);

    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(EyeOp.Call(rows, columns == -1 ? rows : columns, dtype, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var integral = start.Type == ScalarType.Int64 && stop.Type == ScalarType.Int64 && step.Type == ScalarType.Int64;
        dtype ??= integral ? ScalarType.Int64 : get_default_dtype();
        return Finish(ArangeOp.Call(start, stop, step, dtype, Arg.None, InitializeDevice(device)), requires_grad, null);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(LinspaceOp.Call(start, end, steps, dtype, Arg.None, InitializeDevice(device)), requires_grad, null);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(LogspaceOp.Call(start, end, steps, @base, dtype, Arg.None, InitializeDevice(device)), requires_grad, null);

    private static Tensor Finish(Tensor made, bool requires_grad, string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("named tensors are not covered by this build");
        return requires_grad ? made.requires_grad_() : made;
    }
}
