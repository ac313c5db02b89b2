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
    private readonly float[] _values;
    private readonly Tensor _shared;
    private readonly Device _device;

    private DropoutMasks(NetworkShape shape, int batchSize, double rate, SeededRandom random, Device device)
    {
        _shape = shape;
        _random = random;
        _device = device;
        _threshold = (uint)Math.Min(Math.Round(rate * 65536), 65535);
        _scale = (float)(65536.0 / (65536 - _threshold));
        // Four values are cut from each random number, so the length is rounded up.
        var count = (long)shape.NumberOfHiddenLayers * batchSize * shape.NumberOfHiddenUnits;
        _values = GC.AllocateUninitializedArray<float>(checked((int)((count + 3) / 4 * 4)), pinned: true);
        _shared = frombuffer(_values, ScalarType.Float32);
    }

    /// <summary>Whether the rate is so small that nothing is dropped.</summary>
    public static bool IsNone(double rate) => rate * 65536 < 0.5;

    /// <summary>Masks for batches of at most <paramref name="batchSize"/> rows; null when nothing is dropped.</summary>
    /// <remarks>The tensors belong to the dispose scope of the caller.</remarks>
    public static DropoutMasks? Create(NetworkShape shape, int batchSize, double rate, SeededRandom random, Device device) =>
        IsNone(rate) ? null : new DropoutMasks(shape, batchSize, rate, random, device);

    /// <summary>Draws from another generator from now on.</summary>
    public void Restart(SeededRandom random) => _random = random;

    /// <summary>Fresh masks of shape [L, <paramref name="rows"/>, H]; valid until the next call.</summary>
    public Tensor Next(int rows)
    {
        var count = (long)_shape.NumberOfHiddenLayers * rows * _shape.NumberOfHiddenUnits;
        Fill(_values.AsSpan(0, (int)((count + 3) / 4 * 4)));
        var masks = _shared.narrow(0, 0, count).view(_shape.NumberOfHiddenLayers, rows, _shape.NumberOfHiddenUnits);
        return _device.type == DeviceType.CPU ? masks : masks.to(_device);
    }

    private void Fill(Span<float> values)
    {
        for (var i = 0; i + 3 < values.Length; i += 4)
        {
            var bits = _random.NextUInt64();
            values[i] = (ushort)bits < _threshold ? 0 : _scale;
            values[i + 1] = (ushort)(bits >> 16) < _threshold ? 0 : _scale;
            values[i + 2] = (ushort)(bits >> 32) < _threshold ? 0 : _scale;
            values[i + 3] = (ushort)(bits >> 48) < _threshold ? 0 : _scale;
        }
    }
}
