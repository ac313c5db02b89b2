using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Applies a network's frozen projection to a table once, rather than to each batch of each epoch.</summary>
internal static class ProjectedRows
{
    /// <summary>The rows as x·P + p, where those take no more memory than the features and lie there already; otherwise the rows as they are.</summary>
    /// <remarks>Tells the network which of the two it will be given.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RowSource Of(RowSource rows, ResidualNetwork network, CancellationToken cancellation)
    {
        var units = network.Shape.NumberOfHiddenUnits;
        if (rows is not TrainingTable || rows.NumberOfFeatures < units)
            return rows;
        var projected = new TrainingTable(units, rows.NumberOfClasses, rows.HasWeights, rows.NumberOfRows) { Task = rows.Task };
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.InOrder();
        var batch = new BatchTensors(rows, BatchTensors.RowsFor(rows.NumberOfFeatures), network.ProjectionWeight.device);
        while (batch.Read(pass))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var hidden = network.Project(batch.Features).cpu().data<float>().ToArray();
            for (var row = 0; row < batch.Count; row++)
            {
                hidden.AsSpan(row * units, units).CopyTo(projected.NextRow());
                projected.Keep(batch.Rows.Labels[row], batch.Rows.Weights?[row] ?? 1);
            }
        }
        network.TakesProjectedRows = true;
        return projected;
    }
}
