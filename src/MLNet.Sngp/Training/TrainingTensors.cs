using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>A training table as tensors on the training device; shares memory with the table on the processor.</summary>
/// <remarks>The tensors belong to the dispose scope in which they were made.</remarks>
internal sealed class TrainingTensors
{
    public TrainingTensors(TrainingTable table, Device device)
    {
        using var scope = NewDisposeScope();
        NumberOfRows = table.NumberOfRows;
        var count = (long)table.NumberOfRows * table.NumberOfFeatures;
        Features = scope.MoveToOuter(frombuffer(table.Features, ScalarType.Float32, count).view(table.NumberOfRows, table.NumberOfFeatures).to(device));
        Labels = scope.MoveToOuter(frombuffer(table.Labels, ScalarType.Int64, table.NumberOfRows).to(device));
        if (table.Weights is { } weights)
            Weights = scope.MoveToOuter(frombuffer(weights, ScalarType.Float32, table.NumberOfRows).to(device));
    }

    public int NumberOfRows { get; }

    /// <summary>Shape [n, d].</summary>
    public Tensor Features { get; }

    /// <summary>Classes from 0, shape [n].</summary>
    public Tensor Labels { get; }

    /// <summary>Example weights, shape [n]; null when all rows weigh 1.</summary>
    public Tensor? Weights { get; }
}
