using Microsoft.ML;
using MLNet.Sngp;

namespace TwoMoons;

/// <summary>One of the methods that the tutorial compares, and the ensemble of SNGPs.</summary>
/// <param name="Name">On the command line and in the names of files.</param>
/// <param name="Title">In tables and figures.</param>
/// <param name="Create">Makes the trainer.</param>
internal sealed record Method(string Name, string Title, Func<SngpCatalog, SharedOptions, IEstimator<SngpTransformer>> Create)
{
    public static readonly Method Sngp = new("sngp", "SNGP", (catalog, shared) =>
        catalog.Multiclass(shared.Apply(new SngpOptions())));

    /// <summary>All methods, in the tutorial's order.</summary>
    public static readonly IReadOnlyList<Method> All =
    [
        new("deterministic", "Deterministic", (catalog, shared) =>
            catalog.Multiclass(shared.Apply(SngpOptions.Deterministic()))),
        Sngp,
        new("mc-dropout", "MC Dropout", (catalog, shared) =>
            catalog.Multiclass(shared.Apply(SngpOptions.MonteCarloDropout()))),
        new("deep-ensemble", "Deep Ensemble", (catalog, shared) =>
            catalog.Multiclass(shared.Apply(SngpOptions.DeepEnsemble()))),
        new("sngp-ensemble", "SNGP Ensemble", (catalog, shared) =>
            catalog.Multiclass(shared.Apply(SngpOptions.SngpEnsemble()))),
    ];
}
