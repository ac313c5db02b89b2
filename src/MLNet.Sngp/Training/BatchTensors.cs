using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>A batch of rows as tensors on the training device. On the processor they share the batch's memory, and reading makes no
/// tensor.</summary>
/// <remarks>The tensors belong to the dispose scope in which the object was made. Not thread-safe.</remarks>
internal sealed class BatchTensors
{
    private readonly Device _device;
    private readonly Tensor _allFeatures;
    private readonly Tensor _allLabels;
    private readonly Tensor? _allWeights;

    public BatchTensors(RowSource rows, int capacity, Device device)
    {
        using var scope = NewDisposeScope();
        Rows = new RowBatch(rows, capacity);
        _device = device;
        _allFeatures = scope.MoveToOuter(NativeTensor.Showing(Rows.Features).view(capacity, rows.NumberOfFeatures));
        _allLabels = scope.MoveToOuter(NativeTensor.Showing(Rows.Labels));
        _allWeights = Rows.Weights is { } weights ? scope.MoveToOuter(NativeTensor.Showing(weights)) : null;
        Features = _allFeatures;
        Labels = _allLabels;
        Weights = _allWeights;
        Count = capacity;
    }

    /// <summary>The memory that the tensors show.</summary>
    public RowBatch Rows { get; }

    /// <summary>The number of rows of the batch that was read last.</summary>
    public int Count { get; private set; }

    /// <summary>Shape [B, d]; valid until the next read, as are the others.</summary>
    public Tensor Features { get; private set; }

    /// <summary>Classes from 0, or numbers; shape [B].</summary>
    public Tensor Labels { get; private set; }

    /// <summary>Example weights, shape [B]; null when all rows weigh 1.</summary>
    public Tensor? Weights { get; private set; }

    /// <summary>Reads the next rows of a pass.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Read(RowPass pass)
    {
        var count = pass.Read(Rows);
        if (count == 0)
            return false;
        if (count != Count || _device.type != DeviceType.CPU)
        {
            Count = count;
            Features = Renew(Features, _allFeatures)!;
            Labels = Renew(Labels, _allLabels)!;
            Weights = Renew(Weights, _allWeights);
        }
        return true;
    }

    private Tensor? Renew(Tensor? old, Tensor? all)
    {
        if (all is null)
            return null;
        if (!ReferenceEquals(old, all))
            old!.Dispose();
        if (Count == Rows.Capacity && _device.type == DeviceType.CPU)
            return all;
        using var scope = NewDisposeScope();
        return all.narrow(0, 0, Count).to(_device).MoveToOtherDisposeScope(all);
    }
}
