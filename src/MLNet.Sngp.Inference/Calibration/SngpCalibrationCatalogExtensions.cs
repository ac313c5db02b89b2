using MLNet.Sngp;

namespace Microsoft.ML;

/// <summary>Calibration of trained models on validation data, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpCalibrationCatalogExtensions
{
    /// <summary>
    /// Makes an estimator that fits the temperature T and the mean-field factor λ of a model to rows that it scored; the calibrated
    /// probabilities are softmax(logits / (T·√(1 + λσ²))).
    /// </summary>
    /// <remarks>
    /// <code>
    /// var calibrated = model.Append(mlContext.Sngp().Calibrate().Fit(model.Transform(validation)));
    /// </code>
    /// <para>In one pipeline, <c>pipeline.Append(mlContext.Sngp().Calibrate())</c>, it takes the rows that the model was trained on, whose
    /// probabilities look better than those of new rows; so fit it to some hundred rows that training did not see.</para>
    /// <para>T and λ make Σ −ln p(label) + (ln T)²/(2·0.5²) + (ln(λ/λ₀))²/2 least, with T from 0.1 to 100 and λ₀ the model's own λ (π/8
    /// where that is 0). The two last terms are weak priors: on rows that the model separates, the likelihood alone would run to T → 0 and
    /// take rows far from the training data to certainty with it. They weigh as much as a handful of rows.</para>
    /// <para>λ alone can only take confidence away, T gives it too. Methods without a mean-field adjustment (networks without a posterior,
    /// Monte Carlo) get T alone. Methods that average probabilities get T within the average. <c>Variance</c> and <c>Logits</c> stay as
    /// they are. Fit <c>Novelty</c> and <c>Decide</c> after calibrating.</para>
    /// <para>Deterministic: the same model and rows give the same result. Rows whose label is missing are left out and counted, as are rows
    /// with features that are not finite; the log has a warning of those.</para>
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="labelColumnName">
    /// The label column where it reaches the model: a key numbered as the model's classes are, or Boolean for a binary model.
    /// </param>
    /// <param name="temperature">T when it is to be held fixed, above 0; <see langword="null"/> (default) fits it.</param>
    /// <param name="meanFieldFactor">λ when it is to be held fixed, at least 0; <see langword="null"/> (default) fits it where the model
    /// has one.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">T or λ is out of range.</exception>
    /// <exception cref="ArgumentException">The name of the label column is empty.</exception>
    public static CalibrationEstimator Calibrate(
        this SngpCatalog catalog, string labelColumnName = "Label", double? temperature = null, double? meanFieldFactor = null) =>
        new(catalog, labelColumnName, temperature, meanFieldFactor);
}
