using System.Runtime.InteropServices;
using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Applies a network's frozen projection to a table once, rather than to each batch of each epoch.</summary>
internal static class ProjectedRows
{
    /// <summary>The input with rows x·P + p, where those take no more memory than the features and lie in memory already; otherwise the
    /// input as it is.</summary>
    /// <remarks>Tells the network which of the two it will be given.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TrainingInput Of(TrainingInput input, ResidualNetwork network, CancellationToken cancellation)
    {
        if (!input.Rows.IsInMemory || input.Validation is { IsInMemory: false } || input.Rows.NumberOfFeatures < network.Shape.NumberOfHiddenUnits)
            return input;
        var projected = input with
        {
            Rows = Project(input.Rows, network, cancellation),
            Validation = input.Validation is null ? null : Project(input.Validation, network, cancellation),
        };
        network.TakesProjectedRows = true;
        return projected;
    }

    private static TrainingTable Project(RowSource rows, ResidualNetwork network, CancellationToken cancellation)
    {
        var units = network.Shape.NumberOfHiddenUnits;
        var projected = new TrainingTable(units, rows.NumberOfClasses, rows.HasWeights, rows.NumberOfRows) { Task = rows.Task };
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.InOrder();
        var batch = new BatchTensors(rows, RowBatch.RowsFor(rows.NumberOfFeatures), network.ProjectionWeight.device);
        while (batch.Read(pass))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var hidden = MemoryMarshal.Cast<byte, float>(network.Project(batch.Features).cpu().bytes);
            for (var row = 0; row < batch.Count; row++)
            {
                hidden.Slice(row * units, units).CopyTo(projected.NextRow());
                projected.Keep((int)batch.Rows.Labels[row], batch.Rows.Weights?[row] ?? 1);
            }
        }
        return projected;
    }
}
