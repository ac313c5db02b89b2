using MLNet.Sngp.Posterior;

namespace MLNet.Sngp.Training;

/// <summary>The variance ν of the labels about a trained network's mean, in squared standard deviations of the label.</summary>
/// <remarks>With a Gaussian process it is the one of the greatest marginal likelihood (<see cref="PosteriorMean"/>). A dense layer has no
/// such thing: ν is then the mean squared error of rows that did not train, where there are any, and of the training rows
/// otherwise.</remarks>
internal static class NoiseEstimate
{
    /// <summary>What single precision can tell from no noise at all.</summary>
    public const double Smallest = 1e-7;

    /// <returns>ν; null where the likelihood has no noise.</returns>
    /// <param name="network">The trained network; its output weights become the posterior's mean where that was gathered.</param>
    /// <param name="input">The rows.</param>
    /// <param name="gathering">Null without a posterior.</param>
    /// <param name="bestLoss">The validation loss of the network; null without validation.</param>
    /// <param name="cancellation">Stops the pass over the rows.</param>
    public static double? Of(
        Network network, TrainingInput input, PosteriorGathering? gathering, double? bestLoss, CancellationToken cancellation)
    {
        if (!network.Likelihood.HasNoise)
            return null;
        if (gathering?.TakeMean() is { } noise)
            return noise;
        var loss = bestLoss ?? input.ValidationLoss
            ?? new MeanLoss(network, input.PosteriorRows ?? input.Rows, cancellation).Measure().Mean;
        return Math.Max(network.Likelihood.NoiseOf(loss), Smallest);
    }
}
