namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>The network and batches of the tutorial, which the peers have too: what is measured must not change with the
/// defaults.</summary>
internal static class TutorialNetwork
{
    /// <summary>An SNGP of fixed length, with all else at the library's defaults.</summary>
    public static SngpOptions Sngp(int epochs) => Fixed(new SngpOptions(), epochs, bound: 0.9);

    /// <summary>The same network without bound and Gaussian process.</summary>
    public static SngpOptions Plain(int epochs) => Fixed(SngpOptions.Deterministic(), epochs, bound: null);

    private static SngpOptions Fixed(SngpOptions options, int epochs, double? bound)
    {
        options.Seed = 1;
        options.Backbone =
            new ResidualMlp { NumberOfHiddenLayers = 6, NumberOfHiddenUnits = 128, SpectralNormBound = bound, NormalizeFeatures = false };
        if (options.Head == NetworkHead.GaussianProcess)
            options.GaussianProcess.NormalizeGpInput = GpInputNormalization.None;
        (options.Training.NumberOfEpochs, options.Training.BatchSize) = (epochs, 128);
        return options;
    }
}
