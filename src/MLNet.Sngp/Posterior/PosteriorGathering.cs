using System.Globalization;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Heads;
using MLNet.Sngp.Training;
using MLNet.Sngp.Updates;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>Gathers a network's training rows into its posterior, at the time that the options name.</summary>
/// <remarks>The posterior belongs to the dispose scope in which this object was made. Not thread-safe.</remarks>
internal sealed class PosteriorGathering
{
    // Their random features are held in double precision besides: as many rows as make the product efficient, and no more.
    private const int MostRows = 256;

    private const int MostReferenceRows = 2000;
    private const double ReferenceQuantile = 0.95;
    private const double SmallestReference = 1e-9;

    // Of a row that is all that is known of its direction little is left, and rounding decides how little.
    private static readonly Scalar LeastRest = 0.02.ToScalar();

    private readonly Network _network;
    private readonly PosteriorOptions _options;
    private readonly TrainingOptions _training;
    private readonly RandomFeatureMap _map;
    private PosteriorMean? _mean;

    /// <param name="network">A network with a Gaussian process.</param>
    /// <param name="options">The trainer's options.</param>
    public PosteriorGathering(Network network, SngpOptions options)
    {
        (_network, _options, _training) = (network, options.Posterior, options.Training);
        _map = Head.Map;
        var precisions = network.Likelihood.CountPrecisions(_options, network.NumberOfOutputs);
        Posterior = new LaplacePosterior(
            _map.NumberOfFeatures, _options.RidgePenalty, network.Device, precisions, _options.CovarianceMomentum,
                _training.CancellationToken.ThrowIfCancellationRequested);
    }

    public LaplacePosterior Posterior { get; }

    private GaussianProcessHead Head => (GaussianProcessHead)_network.Head;

    /// <summary>Starts to watch the training steps when their time has come.</summary>
    /// <param name="epoch">The epoch that comes next, from 1.</param>
    public void BeforeEpoch(int epoch)
    {
        var isWatched = _options.CovarianceGathering switch
        {
            CovarianceGathering.LastEpoch => epoch == _training.Epochs,
            CovarianceGathering.Momentum => true,
            _ => false,
        };
        _network.StepObserver = isWatched ? Add : null;
    }

    /// <summary>The posterior where it is a part of the training's state after an epoch; null where it is gathered later.</summary>
    public LaplacePosterior? StateAfter(int epoch) => _options.CovarianceGathering switch
    {
        CovarianceGathering.Momentum => Posterior,
        CovarianceGathering.LastEpoch when epoch == _training.Epochs => Posterior,
        _ => null,
    };

    /// <summary>Passes over the rows with the final weights and without dropout, where the options say so.</summary>
    public void AfterTraining(RowSource rows)
    {
        _network.StepObserver = null;
        if (_options.CovarianceGathering != CovarianceGathering.AfterTraining)
            return;
        if (_network.Likelihood.HasNoise)
            _mean = new PosteriorMean(_map.NumberOfFeatures, _network.Device);
        using var pass = rows.InOrder();
        Run(rows, pass, (features, outputs, batch) =>
        {
            Add(features, outputs, batch.Weights);
            _mean?.Add(features, Target(batch.Labels), batch.Weights, _network.Likelihood.Curvature(_options, outputs));
        });
    }

    /// <summary>Gives the network the posterior's mean of its output weights, in place of those that the steps came to, where it was
    /// gathered.</summary>
    /// <returns>The noise ν of the greatest marginal likelihood; null where there is no mean.</returns>
    /// <exception cref="InvalidOperationException">The precision cannot be factored.</exception>
    public double? TakeMean()
    {
        if (_mean is null)
            return null;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (weights, noise) = _mean.Solve(Posterior, NoiseEstimate.Smallest);
        Head.TransposedOutputWeight.select(0, 0).copy_(weights.squeeze(1));
        return noise;
    }

    /// <summary>What the model keeps to learn new rows from, before <see cref="Finish"/>; null where the options do not ask for
    /// it.</summary>
    public UpdatableState? State()
    {
        if (!_options.Updatable)
            return null;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Of classes the mean is what the steps came to, and its product with the precision what adds up.
        var sums = _mean is null
            ? RowSums.Of(Posterior, Posterior.Precision[0].mm(Head.OutputWeight.to(ScalarType.Float64)), 0, 0)
            : RowSums.Of(Posterior, _mean.Products, _mean.Squares, _mean.Weight);
        return new UpdatableState(_map.Amplitude, _options.RidgePenalty, _options.VarianceTolerance, _map.LargestSquaredNorm, sums, null);
    }

    /// <summary>The variance in the form that takes the least work; frees the posterior's sums, among the largest things that a training
    /// holds.</summary>
    /// <param name="monitor">The log.</param>
    /// <param name="noise">ν: each row counts 1/ν times. The variance of the mean is small where ν is, and the tolerance with it.</param>
    /// <exception cref="InvalidOperationException">The precision cannot be factored.</exception>
    public VarianceForm Finish(TrainingMonitor monitor, double noise = 1)
    {
        Posterior.Weaken(noise);
        var variance = Posterior.Variance(_options.VarianceTolerance * Math.Min(1, noise), _map.LargestSquaredNorm);
        _training.CancellationToken.ThrowIfCancellationRequested();
        Posterior.Sum.Dispose();
        if (variance.Jitter > 0)
            monitor.Warning(
                FormattableString.Invariant($"The posterior precision was nearly singular; {variance.Jitter} was added to its diagonal."));
        monitor.Info(string.Create(CultureInfo.InvariantCulture,
            $"The variance takes {variance.Factor.shape[1]} columns of {variance.Factor.shape[0]} random "
            + $"features{(variance.Prior is null ? ", its full form" : "")}."));
        return variance;
    }

    /// <summary>The 95 % quantile, over up to 2,000 of the rows, of the σ² that a row has where the posterior is of all others, and over
    /// the
    /// classes where each has its own; above 0. New rows like them lie above it as seldom.</summary>
    public double ReferenceOf(VarianceForm variance, RowSource rows, int seed)
    {
        using var pass = rows.Sample(MostReferenceRows, seed);
        var all = new List<double>();
        Run(rows, pass, (features, outputs, batch) => all.AddRange(
            LeftOut(variance.Of(features.to(variance.Factor.device)), outputs, batch.Weights).cpu().data<double>().ToArray()));
        all.Sort();
        return Math.Max(all[(int)(ReferenceQuantile * all.Count)], SmallestReference);
    }

    /// <summary>σ²/(1 − mσ²/ridge), m the weight of the row in the precision: by Sherman and Morrison the variance without the
    /// row.</summary>
    private Tensor LeftOut(Tensor squares, Tensor outputs, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        var exact = squares.to(ScalarType.Float64);
        // A momentum's precision is on the scale of one row.
        if (_options.CovarianceGathering == CovarianceGathering.Momentum)
            return scope.MoveToOuter(exact);
        using var share = (-1 / _options.RidgePenalty).ToScalar();
        var leverage = exact.mul(share);
        if (_network.Likelihood.Curvature(_options, outputs) is { } curvature)
            leverage = leverage.mul(curvature.to(exact.device));
        if (weights is not null)
            leverage = leverage.mul(weights.to(ScalarType.Float64).unsqueeze(1).to(exact.device));
        return scope.MoveToOuter(exact.div(leverage.add(HeldScalars.One, HeldScalars.One).clamp_min(LeastRest)));
    }

    /// <summary>Gives φ and the outputs of each batch, with the network as it scores.</summary>
    private void Run(RowSource rows, RowPass pass, Action<Tensor, Tensor, BatchTensors> use)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _network.Evaluate();
        var batch = new BatchTensors(rows, Math.Min(MostRows, RowBatch.RowsFor(rows.NumberOfFeatures)), _network.Device);
        while (batch.Read(pass))
        {
            _training.CancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var (outputs, features) = _network.Forward(batch.Features);
            use(features!, outputs, batch);
        }
    }

    // What φ·β is to come to: the output less the constant.
    private Tensor Target(Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var bias = (-Head.OutputBias).ToScalar();
        return scope.MoveToOuter(_network.Likelihood.Target(labels).add(bias, HeldScalars.One));
    }

    private void Add(Tensor features, Tensor outputs, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Posterior.Add(features, weights, _network.Likelihood.Curvature(_options, outputs));
    }
}
