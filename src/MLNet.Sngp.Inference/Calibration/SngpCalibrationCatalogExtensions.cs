using Microsoft.ML.Data;
using MLNet.Sngp;
using MLNet.Sngp.Calibration;

namespace Microsoft.ML;

/// <summary>Calibration of trained models on validation data, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpCalibrationCatalogExtensions
{
    /// <summary>
    /// Fits the temperature T and the mean-field factor λ of a model to validation rows and gives a new transformer: its probabilities are
    /// softmax(logits / (T·√(1 + λσ²))). Nothing is trained again; two numbers in the model's graph change.
    /// </summary>
    /// <remarks>
    /// <para>T and λ make Σ −ln p(label) + (ln T)²/(2·0.5²) + (ln(λ/λ₀))²/2 least, with T from 0.1 to 100 and λ₀ the model's own λ (π/8 where that
    /// is 0). The two last terms are weak priors: on rows that the model separates, the likelihood alone would run to T → 0 and take rows far
    /// from the training data to certainty with it. They weigh as much as a handful of rows.</para>
    /// <para>λ alone can only take confidence away, T gives it too. Methods without a mean-field adjustment (networks without a posterior, Monte
    /// Carlo) get T alone. Methods that average probabilities get T within the average. <c>Variance</c> and <c>Logits</c> stay as they are.</para>
    /// <para>Deterministic: the same model and rows give the same result. Use some hundred rows that training did not see.</para>
    /// </remarks>
    /// <typeparam name="TTransformer">The type of the transformer.</typeparam>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="transformer">The transformer to calibrate; it is left as it is and stays usable.</param>
    /// <param name="validationData">
    /// Rows with the transformer's feature column and the label. For a chain, pass the chain itself and raw data to the other overload.
    /// </param>
    /// <param name="report">What was chosen and what it gained.</param>
    /// <param name="labelColumnName">
    /// The label column: a key numbered as the model's classes are, or Boolean for a binary model. Rows whose label is missing are left out.
    /// </param>
    /// <param name="temperature">T when it is to be held fixed, above 0; <see langword="null"/> (default) fits it.</param>
    /// <param name="meanFieldFactor">λ when it is to be held fixed, at least 0; <see langword="null"/> (default) fits it where the model has one.</param>
    /// <returns>The calibrated transformer.</returns>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type, or λ is given for a model without one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">T or λ is out of range, or the feature column does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">No row has a label, or a feature is not finite.</exception>
    public static TTransformer Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TTransformer transformer,
        IDataView validationData,
        out CalibrationReport report,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : UncertaintyTransformer
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(validationData);
        if (temperature is { } t && !(t > 0 && double.IsFinite(t)))
            throw new ArgumentOutOfRangeException(nameof(temperature), t, "The temperature must be above 0.");
        if (meanFieldFactor is { } factor && !(factor >= 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(meanFieldFactor), factor, "The mean-field factor must be 0 or more.");
        if (meanFieldFactor != null && transformer.Model.MeanFieldFactor == null)
            throw new ArgumentException($"A model of the method {transformer.Model.Method} has no mean-field factor to hold fixed.", nameof(meanFieldFactor));

        var rows = ValidationRows.Read(transformer, validationData, labelColumnName);
        (var model, report) = Calibrator.Calibrate(transformer.Model, rows, temperature, meanFieldFactor);
        return (TTransformer)catalog.Create(model.OnnxBytes);
    }

    /// <inheritdoc cref="Calibrate{TTransformer}(SngpCatalog, TTransformer, IDataView, out CalibrationReport, string, double?, double?)"/>
    public static TTransformer Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TTransformer transformer,
        IDataView validationData,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : UncertaintyTransformer
        => catalog.Calibrate(transformer, validationData, out _, labelColumnName, temperature, meanFieldFactor);

    /// <summary>Calibrates the last transformer of a chain on raw validation data and gives the chain with the calibrated one in its place.</summary>
    /// <inheritdoc cref="Calibrate{TTransformer}(SngpCatalog, TTransformer, IDataView, out CalibrationReport, string, double?, double?)" path="/remarks"/>
    /// <typeparam name="TTransformer">The type of the last transformer.</typeparam>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="chain">The trained pipeline; it is left as it is.</param>
    /// <param name="validationData">Rows as they were given to <c>Fit</c>: the chain's other transformers make features and label of them.</param>
    /// <param name="report">What was chosen and what it gained.</param>
    /// <param name="labelColumnName">The label column, as the model was trained on it.</param>
    /// <param name="temperature">T when it is to be held fixed, above 0; <see langword="null"/> (default) fits it.</param>
    /// <param name="meanFieldFactor">λ when it is to be held fixed, at least 0; <see langword="null"/> (default) fits it where the model has one.</param>
    /// <returns>The calibrated chain.</returns>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type, or λ is given for a model without one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">T or λ is out of range, or the feature column does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">No row has a label, or a feature is not finite.</exception>
    public static TransformerChain<TTransformer> Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TransformerChain<TTransformer> chain,
        IDataView validationData,
        out CalibrationReport report,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : UncertaintyTransformer
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(validationData);
        ITransformer[] all = [.. chain];
        var featurised = all[..^1].Aggregate(validationData, (data, step) => step.Transform(data));
        var calibrated = catalog.Calibrate(chain.LastTransformer, featurised, out report, labelColumnName, temperature, meanFieldFactor);
        return new TransformerChain<TTransformer>([.. all[..^1], calibrated]);
    }

    /// <inheritdoc cref="Calibrate{TTransformer}(SngpCatalog, TransformerChain{TTransformer}, IDataView, out CalibrationReport, string, double?, double?)"/>
    public static TransformerChain<TTransformer> Calibrate<TTransformer>(
        this SngpCatalog catalog,
        TransformerChain<TTransformer> chain,
        IDataView validationData,
        string labelColumnName = "Label",
        double? temperature = null,
        double? meanFieldFactor = null)
        where TTransformer : UncertaintyTransformer
        => catalog.Calibrate(chain, validationData, out _, labelColumnName, temperature, meanFieldFactor);
}
