using System.Runtime.Intrinsics;
using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Inverted dropout from our own generator: in training mode values are multiplied by 0 with probability p, by 1/(1 − p)
/// otherwise.</summary>
/// <remarks>
/// torch's functional dropout changes the global generator; the same masks come on every device here. p is kept to a multiple of 2⁻¹⁶, and
/// the scale follows it, so the expectation is exactly 1. In a graph a thinned network is written by a mask that is one for all rows.
/// Not thread-safe.
/// </remarks>
internal sealed class SeededDropout : nn.Module<Tensor, Tensor>, IOnnxModule
{
    private readonly uint _threshold;
    private readonly float _scale;

    // Lies in the dispose scope in which the module was made, and what is made in a step later goes there too. A field that is a tensor
    // itself would be registered as a buffer.
    private readonly Tensor[] _home = [empty(0)];
    private SeededRandom? _random;
    private AlignedArray<float>? _values;
    private Tensor? _shown;
    private Tensor? _onDevice;
    private Tensor? _view;

    /// <param name="rate">p, from 0 to below 1.</param>
    public SeededDropout(double rate)
        : base(nameof(SeededDropout))
    {
        _threshold = (uint)Math.Min(Math.Round(rate * 65536), 65535);
        _scale = (float)(65536.0 / (65536 - _threshold));
    }

    /// <summary>Whether the rate is so small that nothing is dropped.</summary>
    public bool IsNone => _threshold == 0;

    /// <summary>What a value that is kept is multiplied by.</summary>
    public float Scale => _scale;

    /// <summary>The shape of a row, as of the last forward pass.</summary>
    public long[] RowShape { get; set; } = [];

    /// <summary>Draws from a generator from now on; others may draw from it in between.</summary>
    public void Restart(SeededRandom random) => _random = random;

    public override Tensor forward(Tensor input)
    {
        RowShape = input.shape[1..];
        return training && !IsNone ? input.mul(Next(input.shape[0], input.device)) : input;
    }

    /// <summary>A fresh mask for so many rows of <see cref="RowShape"/>; valid until the next call.</summary>
    public Tensor Next(long rows, Device device)
    {
        var count = checked((int)RowShape.Aggregate(rows, (product, size) => product * size));
        MakeRoom(RoundUp(count), device);
        Fill(_values!.Span[..RoundUp(count)], _random ?? throw new InvalidOperationException("Dropout has no generator."));
        _onDevice?.copy_(_shown!);
        if (_view is null || _view.shape[0] != rows)
        {
            _view?.Dispose();
            using var scope = NewDisposeScope();
            _view = (_onDevice ?? _shown!).narrow(0, 0, count).view([rows, .. RowShape]).MoveToOtherDisposeScope(_home[0]);
        }
        return _view;
    }

    /// <inheritdoc/>
    public string AddTo(OnnxGraphBuilder graph, string input)
    {
        if (graph.Thinning is not { } random || IsNone)
            return input;
        var mask = new float[RoundUp(checked((int)RowShape.Aggregate(1L, (product, size) => product * size)))];
        Fill(mask, random);
        var count = RowShape.Aggregate(1, (product, size) => product * (int)size);
        return graph.Node("thinned", "Mul", [input, graph.OwnConstant("mask", mask[..count], [1, .. RowShape])]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            _home[0].Dispose();
        }
        base.Dispose(disposing);
    }

    private void MakeRoom(int length, Device device)
    {
        if (_values?.Length >= length && (_onDevice ?? _shown!).device_type == device.type)
            return;
        Forget();
        using var scope = NewDisposeScope();
        _values = new AlignedArray<float>(length);
        _shown = NativeTensor.Showing(_values).MoveToOtherDisposeScope(_home[0]);
        // Steps read the same memory on the processor, else a buffer on the device.
        _onDevice = device.type == DeviceType.CPU ? null : empty(length, dtype: ScalarType.Float32, device: device)
            .MoveToOtherDisposeScope(_home[0]);
    }

    private void Forget()
    {
        _view?.Dispose();
        _shown?.Dispose();
        _onDevice?.Dispose();
        (_view, _shown, _onDevice, _values) = (null, null, null, null);
    }

    /// <remarks>A number of 64 random bits gives four values.</remarks>
    private void Fill(Span<float> values, SeededRandom random)
    {
        var scale = Vector128.Create(BitConverter.SingleToUInt32Bits(_scale));
        var threshold = Vector128.Create(_threshold);
        for (var i = 0; i < values.Length; i += 4)
        {
            var bits = Vector128.WidenLower(Vector128.CreateScalarUnsafe(random.NextUInt64()).AsUInt16());
            (Vector128.GreaterThanOrEqual(bits, threshold) & scale).AsSingle().CopyTo(values[i..]);
        }
    }

    // Four values are cut from each random number.
    private static int RoundUp(int count) => checked((count + 3) / 4 * 4);
}
