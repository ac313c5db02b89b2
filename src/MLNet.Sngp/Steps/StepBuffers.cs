using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Steps;

/// <summary>The memory of a training step, kept from step to step. Steps for batches of different sizes take the same buffers in the same
/// order.</summary>
/// <remarks>All tensors belong to the dispose scope in which they were made. Not thread-safe.</remarks>
internal sealed class StepBuffers
{
    private readonly int _capacity;
    private readonly Device _device;
    private readonly List<Tensor> _buffers = [];
    private int _rows;
    private int _next;

    /// <param name="capacity">The largest number of rows in a batch.</param>
    /// <param name="device">Where the buffers lie.</param>
    public StepBuffers(int capacity, Device device)
    {
        _capacity = capacity;
        _device = device;
    }

    /// <summary>Hands the buffers out anew, for a step of so many rows.</summary>
    public void Restart(int rows)
    {
        _rows = rows;
        _next = 0;
    }

    /// <summary>The next buffer, shape [B, <paramref name="width"/>].</summary>
    public Tensor Take(long width)
    {
        if (_next == _buffers.Count)
            _buffers.Add(zeros(_capacity, width, dtype: ScalarType.Float32, device: _device));
        return _buffers[_next++].narrow(0, 0, _rows);
    }
}
