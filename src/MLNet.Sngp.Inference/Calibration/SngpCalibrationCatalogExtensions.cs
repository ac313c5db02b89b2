using MLNet.Sngp;
using MLNet.Sngp.Calibration;
using MLNet.Sngp.Pipelines;

namespace Microsoft.ML;

/// <summary>Calibration of trained models on validation data, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpCalibrationCatalogExtensions
{
    /// <summary>
    /// Fits the temperature T and the mean-field factor λ of a model to validation rows and gives the same pipeline with the calibrated
    /// model in its place: its probabilities are softmax(logits / (T·√(1 + λσ²))). Nothing is trained again; two numbers in the model's
    /// graph change.
    /// </summary>
    /// <remarks>
    /// <para>T and λ make Σ −ln p(label) + (ln T)²/(2·0.5²) + (ln(λ/λ₀))²/2 least, with T from 0.1 to 100 and λ₀ the model's own λ (π/8
    /// where that is 0). The two last terms are weak priors: on rows that the model separates, the likelihood alone would run to T → 0 and
    /// take rows far from the training data to certainty with it. They weigh as much as a handful of rows.</para>
    /// <para>λ alone can only take confidence away, T gives it too. Methods without a mean-field adjustment (networks without a posterior,
    /// Monte Carlo) get T alone. Methods that average probabilities get T within the average. <c>Variance</c> and <c>Logits</c> stay as
    /// they are.</para>
    /// <para>All other steps of the pipeline and their scopes stay as they are, also those after the model; so choose the threshold of
    /// <c>Abstain</c> after calibrating. Both pipelines hold the same other steps: dispose only the one that is used last.</para>
    /// <para>Deterministic: the same model and rows give the same result. Use some hundred rows that training did not see.</para>
    /// </remarks>
    /// <typeparam name="TTransformer">The type of the pipeline, which the result has too.</typeparam>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="model">
    /// A fitted pipeline, one that <c>mlContext.Sngp().Load</c> gave, or the transformer of this library alone; it is left as it is and
    /// stays usable. Of several models of this library in it the last is calibrated.
    /// </param>
    /// <param name="validationData">
    /// Rows as they were given to <c>Fit</c>: all steps before the model, whatever their scope, make features and label of them. For the
    /// transformer alone, rows with its feature column and the label.
    /// </param>
    /// <param name="report">What was chosen and what it gained.</param>
    /// <param name="labelColumnName">
    /// The label column where it reaches the model: a key numbered as the model's classes are, or Boolean for a binary model. Rows whose
    /// label is missing are left out and counted, as are rows with features that are not finite; the log has a warning of those.
    /// </param>
    /// <param name="temperature">T when it is to be held fixed, above 0; <see langword="null"/> (default) fits it.</param>
    /// <param name="meanFieldFactor">λ when it is to be held fixed, at least 0; <see langword="null"/> (default) fits it where the model
    /// has one.</param>
    /// <returns>The calibrated pipeline.</returns>
    /// <exception cref="ArgumentException">
    /// The pipeline holds no model of this library, a column is absent or of a wrong type, or λ is given for a model without one.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">T or λ is out of range, or the feature column does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">No row has a label and finite features.</exception>
    public static TTransformer Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TTransformer model,
        IDataView validationData,
        out CalibrationReport report,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(validationData);
        if (temperature is { } t && !(t > 0 && double.IsFinite(t)))
            throw new ArgumentOutOfRangeException(nameof(temperature), t, "The temperature must be above 0.");
        if (meanFieldFactor is { } factor && !(factor >= 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(meanFieldFactor), factor, "The mean-field factor must be 0 or more.");
        var transformer = FittedPipeline.Find(model);
        if (transformer.Model is { MeanFieldFactor: null, Method: var method } && meanFieldFactor != null)
            throw new ArgumentException($"A model of the method {method} has no mean-field factor to hold fixed.", nameof(meanFieldFactor));

        var rows = ValidationRows.Read(transformer, FittedPipeline.InputOf(model, validationData), labelColumnName);
        (var better, report) = Calibrator.Calibrate(transformer.Model, rows, temperature, meanFieldFactor);
        catalog.WarnOfUnscored(nameof(Calibrate), report.UnscoredRowCount, "Validation rows with features that are not finite");
        return (TTransformer)FittedPipeline.With(model, catalog.Create(better.OnnxBytes));
    }

    /// <inheritdoc cref="Calibrate{TTransformer}(SngpCatalog, TTransformer, IDataView, out CalibrationReport, string, double?, double?)"/>
    public static TTransformer Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TTransformer model,
        IDataView validationData,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : class, ITransformer
        => catalog.Calibrate(model, validationData, out _, labelColumnName, temperature, meanFieldFactor);
}
