using System.Globalization;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp;

/// <summary>
/// Adds the predictions of a Spectral-normalized Neural Gaussian Process to a table, each with its uncertainty.
/// </summary>
/// <inheritdoc cref="UncertaintyTransformer" path="/remarks"/>
public sealed class SngpTransformer : UncertaintyTransformer
{
    internal const string Method = "Sngp";

    internal SngpTransformer(IHostEnvironment environment, UncertaintyModel model)
        : base(environment, model)
    {
    }

    /// <summary>
    /// Gets λ of the mean-field adjustment, logits / (T·√(1 + λσ²)); at least 0, without unit.
    /// 0 when the model was trained without the adjustment.
    /// </summary>
    public float MeanFieldFactor => Model.MeanFieldFactor ?? 0;

    /// <summary>Gets the temperature T by which logits are divided; above 0, without unit. 1 when the model was not calibrated.</summary>
    public float Temperature => Model.Temperature ?? 1;

    /// <summary>
    /// Gets the kernel scale that the model was trained with, also when it was chosen automatically; above 0, in squared units of the
    /// hidden layer. <see langword="null"/> when the model does not say.
    /// </summary>
    public double? KernelScale =>
        Model.Options.TryGetValue(nameof(KernelScale), out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var scale) ? scale : null;
}
