using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Gathers a network's training rows into its posterior, at the time that the options name.</summary>
/// <remarks>The posterior belongs to the dispose scope in which this object was made. Not thread-safe.</remarks>
internal sealed class PosteriorGathering
{
    // Their random features are held in double precision besides: as many rows as make the product efficient, and no more.
    private const int MostRows = 256;

    private readonly SngpNetwork _network;
    private readonly SngpTrainer.Options _options;

    public PosteriorGathering(SngpNetwork network, SngpTrainer.Options options)
    {
        _network = network;
        _options = options;
        var process = network.GaussianProcess;
        var precisions = options.Covariance == PosteriorCovariance.PerClass ? network.Residual.Shape.NumberOfClasses : 1;
        Posterior = new LaplacePosterior(process.NumberOfFeatures, options.RidgePenalty, process.OutputWeight.device, precisions, options.CovarianceMomentum, options.CancellationToken.ThrowIfCancellationRequested);
        BeforeEpoch(1);
    }

    public LaplacePosterior Posterior { get; }

    /// <summary>Starts to watch the training steps when their time has come.</summary>
    /// <param name="epoch">The epoch that comes next, from 1.</param>
    public void BeforeEpoch(int epoch)
    {
        var isWatched = _options.CovarianceGathering switch
        {
            CovarianceGathering.LastEpoch => epoch == _options.NumberOfEpochs,
            CovarianceGathering.Momentum => true,
            _ => false,
        };
        _network.StepObserver = isWatched ? Add : null;
    }

    /// <summary>Passes over the rows with the final weights and without dropout, where the options say so.</summary>
    public void AfterTraining(RowSource rows)
    {
        _network.StepObserver = null;
        if (_options.CovarianceGathering != CovarianceGathering.AfterTraining)
            return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.InOrder();
        var batch = new BatchTensors(rows, Math.Min(MostRows, RowBatch.RowsFor(rows.NumberOfFeatures)), Posterior.Device);
        while (batch.Read(pass))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var features = _network.RandomFeatures(batch.Features);
            Add(features, _network.GaussianProcess.Logits(features), batch.Weights);
        }
    }

    private void Add(Tensor features, Tensor logits, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        Posterior.Add(features, weights, LikelihoodWeights.Of(_options.Likelihood, _options.Covariance, logits));
    }
}
