using System.Globalization;
using MLNet.Sngp.Posterior;

namespace MLNet.Sngp.Training;

/// <summary>The variance ν of the noise about a trained network's mean, in squared standard deviations of the label.</summary>
internal static class NoiseEstimate
{
    private const double Smallest = 1e-8;
    private const int MostRounds = 50;
    private const double Precision = 1e-4;

    /// <param name="squaredError">Of the training rows, mean.</param>
    /// <param name="weight">n, the sum of their weights.</param>
    /// <param name="posterior">Null where the network has none.</param>
    public static double OfTraining(double squaredError, double weight, LaplacePosterior? posterior)
    {
        var noise = Math.Max(squaredError, Smallest);
        for (var round = 0; posterior is not null && round < MostRounds; round++)
        {
            var before = noise;
            noise = Math.Max(squaredError * weight / Math.Max(weight - posterior.EffectiveNumberOfWeights(noise), 1), Smallest);
            if (Math.Abs(noise - before) <= Precision * noise)
                break;
        }
        return noise;
    }
}
