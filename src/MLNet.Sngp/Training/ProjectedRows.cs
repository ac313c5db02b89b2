using System.Runtime.InteropServices;
using MLNet.Sngp.Data;
using MLNet.Sngp.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Applies a network's frozen first layer to a table once, rather than to each batch of each epoch.</summary>
internal static class ProjectedRows
{
    /// <summary>The input with rows as that layer gives them, where those take no more memory than the features and lie in memory already;
    /// otherwise, and where rows are changed from step to step, the input as it is.</summary>
    /// <remarks>Tells the backbone which of the two it will be given.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TrainingInput Of(TrainingInput input, Network network, TrainingOptions options)
    {
        if (network.Backbone is not IFrozenStart start || !input.Rows.IsInMemory || input.Validation is { IsInMemory: false }
            || input.Rows.NumberOfFeatures < start.StartWidth || ImageAugmentation.Of(options, network.RowShape) is not null)
            return input;
        var tables = new Dictionary<RowSource, TrainingTable>(ReferenceEqualityComparer.Instance);
        var projected = input with
        {
            Rows = Of(input.Rows),
            Validation = input.Validation is null ? null : Of(input.Validation),
            PosteriorRows = input.PosteriorRows is null ? null : Of(input.PosteriorRows),
        };
        start.IsStarted = true;
        return projected;

        RowSource Of(RowSource rows) => rows is RowSubset subset ? subset.In(Table(subset.Table)) : Table(rows);

        TrainingTable Table(RowSource rows) => tables.TryGetValue(rows, out var known)
            ? known
            : tables[rows] = Project(rows, start, network.Device, options.CancellationToken);
    }

    private static TrainingTable Project(RowSource rows, IFrozenStart start, Device device, CancellationToken cancellation)
    {
        var units = start.StartWidth;
        var projected = new TrainingTable(units, rows.HasWeights, rows.NumberOfRows);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.InOrder();
        var batch = new BatchTensors(rows, RowBatch.RowsFor(rows.NumberOfFeatures), device);
        while (batch.Read(pass))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var hidden = MemoryMarshal.Cast<byte, float>(start.Start(batch.Features).cpu().bytes);
            for (var row = 0; row < batch.Count; row++)
            {
                hidden.Slice(row * units, units).CopyTo(projected.NextRow());
                projected.Keep(batch.Rows.Labels[row], batch.Rows.Weights?[row] ?? 1);
            }
        }
        return projected;
    }
}
