using MLNet.Sngp;

namespace Microsoft.ML;

/// <summary>Adds <c>mlContext.Sngp()</c>.</summary>
public static class SngpMLContextExtensions
{
    /// <summary>Gives the catalog of trainers, loaders and metrics for predictions that come with their uncertainty.</summary>
    /// <param name="mlContext">The context whose log, seed and settings are used.</param>
    /// <returns>The catalog.</returns>
    public static SngpCatalog Sngp(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new SngpCatalog(mlContext);
    }
}
