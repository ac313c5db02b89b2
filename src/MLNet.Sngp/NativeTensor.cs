using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp;

/// <summary>Makes tensors whose memory starts at a 64-byte boundary, wherever the numbers come from.</summary>
/// <remarks><c>torch.tensor</c> shows managed memory where it lies, and products then differ from run to run; see
/// <see cref="AlignedArray{T}"/>.</remarks>
internal static class NativeTensor
{
    /// <summary>A copy in libtorch's own memory.</summary>
    public static Tensor Of(float[] values, ReadOnlySpan<long> shape, Device device) => Copy(values, ScalarType.Float32, shape, device);

    /// <inheritdoc cref="Of(float[], ReadOnlySpan{long}, Device)"/>
    public static Tensor Of(double[] values, ReadOnlySpan<long> shape, Device device) => Copy(values, ScalarType.Float64, shape, device);

    /// <inheritdoc cref="Of(float[], ReadOnlySpan{long}, Device)"/>
    public static Tensor Of(long[] values, ReadOnlySpan<long> shape, Device device) => Copy(values, ScalarType.Int64, shape, device);

    /// <summary>A tensor that shows the memory itself, shape [length]. The array is kept alive by it.</summary>
    public static Tensor Showing(AlignedArray<float> values) => Show(values.Memory, ScalarType.Float32, values.Start, values.Length);

#pragma warning disable RS0030 // Banned elsewhere, for the reason above.
    private static Tensor Show(Array values, ScalarType type, long start, long count) => frombuffer(values, type, count, start);
#pragma warning restore RS0030

    private static Tensor Copy(Array values, ScalarType type, ReadOnlySpan<long> shape, Device device)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Show(values, type, 0, values.Length).view(shape.ToArray()).to(device).clone());
    }
}
