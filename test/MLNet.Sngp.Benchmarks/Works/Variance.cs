namespace MLNet.Sngp.Benchmarks.Works;

internal static class Variance
{
    /// <summary>Options for a graph that holds all of the posterior.</summary>
    public static SngpTrainer.Options InFull(SngpTrainer.Options options)
    {
        typeof(SngpTrainer.Options).GetProperty("VarianceTolerance")?.SetValue(options, 0.0);
        return options;
    }
}
