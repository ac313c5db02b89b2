using MLNet.Sngp;

namespace Images;

/// <summary>A way of training, with the column that tells of the distance from the training images.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Column">By which images out of domain are found.</param>
/// <param name="Options">New options.</param>
internal sealed record Method(string Name, string Column, Func<SngpOptions> Options)
{
    private const double DropoutRate = 0.1;
    private const int Members = 5;

    /// <summary>The methods of the table.</summary>
    /// <param name="withEnsembles">Whether those that train five networks are among them.</param>
    public static IReadOnlyList<Method> All(bool withEnsembles) =>
    [
        new("Deterministic", "Uncertainty", () => Unbounded(SngpOptions.Deterministic())),
        new("MonteCarloDropout", "Uncertainty", () => Unbounded(SngpOptions.MonteCarloDropout(), DropoutRate)),
        .. withEnsembles
        ? [new Method("DeepEnsemble", "EnsembleVariance", () => Unbounded(SngpOptions.DeepEnsemble(Members)))]
        : Array.Empty<Method>(),
        new("Sngp", "Variance", () => new SngpOptions { Backbone = new WideResNet() }),
    ];

    private static SngpOptions Unbounded(SngpOptions options, double dropoutRate = 0)
    {
        options.Backbone = new WideResNet { SpectralNormBound = null, DropoutRate = dropoutRate };
        return options;
    }
}
