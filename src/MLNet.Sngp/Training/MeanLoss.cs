using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Measures Σᵢ wᵢ·lossᵢ / Σᵢ wᵢ over rows, with the network as it scores.</summary>
/// <remarks>The tensors belong to the dispose scope in which the object was made. Not thread-safe.</remarks>
/// <param name="network">The network, as it is at each measurement.</param>
/// <param name="rows">The rows.</param>
/// <param name="cancellation">Stops a measurement.</param>
internal sealed class MeanLoss(Network network, RowSource rows, CancellationToken cancellation)
{
    private readonly BatchTensors _batch =
        new(rows, (int)Math.Min(RowBatch.RowsFor(rows.NumberOfFeatures), rows.NumberOfRows), network.Device);

    /// <returns>The mean loss, and Σᵢ wᵢ.</returns>
    public (double Mean, double Weight) Measure()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.InOrder();
        network.Evaluate();
        var (sum, weight) = (0.0, 0.0);
        while (_batch.Read(pass))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var losses = network.Likelihood.Loss(network.Forward(_batch.Features).Outputs, _batch.Labels).to(ScalarType.Float64);
            if (_batch.Weights is { } weights)
            {
                var exact = weights.to(ScalarType.Float64);
                losses = losses.mul(exact);
                weight += exact.sum().item<double>();
            }
            else
                weight += _batch.Count;
            sum += losses.sum().item<double>();
        }
        return (sum / weight, weight);
    }
}
