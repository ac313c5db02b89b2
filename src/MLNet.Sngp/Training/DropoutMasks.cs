using System.Runtime.Intrinsics;
using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// Draws inverted dropout masks: 0 with probability p, 1/(1 − p) otherwise.
/// </summary>
/// <remarks>
/// Drawn here rather than by torch, whose functional dropout changes the global generator; the same masks come on
/// every device. p is kept to a multiple of 2⁻¹⁶, and the scale follows it, so the expectation is exactly 1.
/// </remarks>
internal sealed class DropoutMasks
{
    private readonly NetworkShape _shape;
    private SeededRandom _random;
    private readonly uint _threshold;
    private readonly float _scale;
    private readonly AlignedArray<float> _values;
    private readonly Tensor _shared;

    // What steps read: the same memory on the processor, else one buffer on the device.
    private readonly Tensor _masks;
    private Tensor[] _views = [];
    private int _rows;

    private DropoutMasks(NetworkShape shape, int batchSize, double rate, SeededRandom random, Device device, bool hasOwnBuffer)
    {
        _shape = shape;
        _random = random;
        _threshold = (uint)Math.Min(Math.Round(rate * 65536), 65535);
        _scale = (float)(65536.0 / (65536 - _threshold));
        _values = new AlignedArray<float>(RoundUp((long)shape.NumberOfHiddenLayers * batchSize * shape.NumberOfHiddenUnits));
        _shared = NativeTensor.Showing(_values);
        _masks = hasOwnBuffer ? empty(_values.Length, dtype: ScalarType.Float32, device: device) : _shared;
    }

    /// <summary>Whether the rate is so small that nothing is dropped.</summary>
    public static bool IsNone(double rate) => rate * 65536 < 0.5;

    /// <summary>Masks for batches of at most <paramref name="batchSize"/> rows; null when nothing is dropped.</summary>
    /// <remarks>The tensors belong to the dispose scope of the caller.</remarks>
    public static DropoutMasks? Create(NetworkShape shape, int batchSize, double rate, SeededRandom random, Device device) =>
        Create(shape, batchSize, rate, random, device, hasOwnBuffer: device.type != DeviceType.CPU);

    internal static DropoutMasks? Create(NetworkShape shape, int batchSize, double rate, SeededRandom random, Device device, bool hasOwnBuffer) =>
        IsNone(rate) ? null : new DropoutMasks(shape, batchSize, rate, random, device, hasOwnBuffer);

    /// <summary>Draws from another generator from now on.</summary>
    public void Restart(SeededRandom random) => _random = random;

    /// <summary>Fresh masks for each layer, shape [<paramref name="rows"/>, H]; valid until the next call.</summary>
    public Tensor[] Next(int rows)
    {
        var count = rows * _shape.NumberOfHiddenUnits;
        Fill(_values.Span[..RoundUp((long)_shape.NumberOfHiddenLayers * count)]);
        if (rows != _rows)
        {
            Array.ForEach(_views, view => view.Dispose());
            _views = [.. Enumerable.Range(0, _shape.NumberOfHiddenLayers).Select(layer => View(layer * count, count))];
            _rows = rows;
        }
        if (!ReferenceEquals(_masks, _shared))
            _masks.copy_(_shared);
        return _views;
    }

    private Tensor View(long start, int count)
    {
        using var scope = NewDisposeScope();
        return _masks.narrow(0, start, count).view(-1, _shape.NumberOfHiddenUnits).MoveToOtherDisposeScope(_masks);
    }

    /// <remarks>A number of 64 random bits gives four values.</remarks>
    private void Fill(Span<float> values)
    {
        var scale = Vector128.Create(BitConverter.SingleToUInt32Bits(_scale));
        var threshold = Vector128.Create(_threshold);
        for (var i = 0; i < values.Length; i += 4)
        {
            var bits = Vector128.WidenLower(Vector128.CreateScalarUnsafe(_random.NextUInt64()).AsUInt16());
            (Vector128.GreaterThanOrEqual(bits, threshold) & scale).AsSingle().CopyTo(values[i..]);
        }
    }

    // Four values are cut from each random number.
    private static int RoundUp(long count) => checked((int)((count + 3) / 4 * 4));
}
