using Microsoft.ML.Runtime;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>
/// Trains a network for a number: by default a Spectral-normalized Neural Gaussian Process, whose mean has a variance that grows with the
/// distance from its training data.
/// </summary>
public sealed class SngpRegressionTrainer : SngpTrainer
{
    internal SngpRegressionTrainer(IHostEnvironment environment, SngpOptions options)
        : base(environment, options, Gaussian.Instance)
    {
    }
}
