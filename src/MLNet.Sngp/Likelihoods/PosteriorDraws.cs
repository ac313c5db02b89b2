namespace MLNet.Sngp.Likelihoods;

/// <summary>The standard normal draws ε that a Monte Carlo average of the softmax takes, draw after draw of K values.</summary>
internal static class PosteriorDraws
{
    /// <param name="samples">n.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="likelihood">
    /// For binary logistic σ² is the variance of l₁ − l₀, so one draw z becomes (−z/2, z/2); otherwise classes are independent.
    /// </param>
    /// <param name="seed">Fixes the draws.</param>
    public static float[] Create(int samples, int numberOfClasses, GaussianProcessLikelihood likelihood, int seed)
    {
        var random = new SeededRandom(seed, RandomPurpose.PosteriorDraws);
        var draws = new float[checked(samples * numberOfClasses)];
        for (var i = 0; i < draws.Length; i++)
        {
            if (likelihood != GaussianProcessLikelihood.BinaryLogistic)
                draws[i] = (float)random.NextGaussian();
            else
                draws[i] = i % 2 == 0 ? (float)(-random.NextGaussian() / 2) : -draws[i - 1];
        }
        return draws;
    }
}
