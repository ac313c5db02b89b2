using Microsoft.ML;
using MLNet.Sngp.Calibration;
using MLNet.Sngp.Pipelines;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp;

/// <summary>
/// Fits the temperature T and the mean-field factor λ of a trained model to data that it scored. Made by
/// <c>mlContext.Sngp().Calibrate(…)</c>.
/// </summary>
/// <remarks>
/// <para>The transformer that <see cref="Fit"/> gives adds the calibrated model's columns, which hide those of the same names; append it to
/// the pipeline that scored. Columns that nobody asks for are not computed, so the first model then costs no time.</para>
/// <para>Immutable and safe for use by several threads.</para>
/// </remarks>
public sealed class CalibrationEstimator : IEstimator<SngpTransformer>
{
    private readonly SngpCatalog _catalog;
    private readonly string _labelColumnName;
    private readonly double? _temperature;
    private readonly double? _meanFieldFactor;

    internal CalibrationEstimator(SngpCatalog catalog, string labelColumnName, double? temperature, double? meanFieldFactor)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        if (temperature is { } t && !(t > 0 && double.IsFinite(t)))
            throw new ArgumentOutOfRangeException(nameof(temperature), t, "The temperature must be above 0.");
        if (meanFieldFactor is { } factor && !(factor >= 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(meanFieldFactor), factor, "The mean-field factor must be 0 or more.");
        (_catalog, _labelColumnName, _temperature, _meanFieldFactor) = (catalog, labelColumnName, temperature, meanFieldFactor);
    }

    /// <summary>Fits T and λ to scored rows. Nothing is trained again; two numbers in the model's graph change.</summary>
    /// <param name="input">
    /// Data that a model of this library scored in this process, with the model's feature column as the model took it, and the label. Steps
    /// may lie between the model and here. Of several models the last is meant.
    /// </param>
    /// <returns>The calibrated model; <see cref="SngpTransformer.Calibration"/> says what was chosen and gained.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the feature column does not fit the model.</exception>
    /// <exception cref="ArgumentException">No model of this library scored the data, the label is of a wrong type, or λ is given for a
    /// model without one.</exception>
    /// <exception cref="InvalidOperationException">No row has a label and finite features.</exception>
    public SngpTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = ModelAnnotation.Find(input.Schema) ?? throw NotScored(ColumnShapes.Of(input.Schema));
        if (model.Outputs.FirstOrDefault(output => output.IsFitted) is { } fitted)
            throw new ArgumentException(
                $"Column '{fitted.Name}' was fitted to the model as it is and would not hold of a calibrated one. Calibrate first, and fit "
                + "Novelty, ConformalSets and Decide to what the calibrated model scores.", nameof(input));
        if (model.IsRegression)
            throw Regression();
        var rows = ValidationRows.Read(model, input, _labelColumnName);
        if (model.MeanFieldFactor is null && _meanFieldFactor != null)
            throw new ArgumentException(
                $"A model of the method {model.Method} has no mean-field factor to hold fixed. Leave meanFieldFactor out.", nameof(input));
        var (calibrated, report) = Calibrator.Calibrate(model, rows, _temperature, _meanFieldFactor);
        _catalog.WarnOfUnscored("Calibrate", report.UnscoredRowCount, "Validation rows with features that are not finite");
        return new SngpTransformer(_catalog.Environment, calibrated, report);
    }

    /// <summary>Gives the columns of <paramref name="inputSchema"/>, the calibrated model's in place of the first model's.</summary>
    /// <param name="inputSchema">The columns of scored data.</param>
    /// <returns>The columns after calibration.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label column is missing.</exception>
    /// <exception cref="ArgumentException">No model of this library makes any of the columns, or the label is of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = ColumnShapes.Of(inputSchema);
        var made = inputSchema.Where(ModelAnnotation.IsOn).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        if (made.Count == 0)
            throw NotScored(columns);
        if (made.Contains(ColumnNames.NoiseVariance))
            throw Regression();
        var isBinary = made.Contains(ColumnNames.Probability);
        ValidationRows.CheckLabel(columns, _labelColumnName, isBinary);
        // The calibrated model's columns have the names and types of those that they hide. PredictedLabel, which every model has, may
        // have been mapped back to its values in between.
        var predicted = new OutputColumn(
            ColumnNames.PredictedLabel, isBinary ? ColumnKind.Boolean : ColumnKind.Key, HasClassNames: !isBinary);
        return OutputPromise.Of(inputSchema, [predicted], _labelColumnName);
    }

    private static ArgumentException Regression() => new(
        "The model is a regression, which has no probabilities to calibrate. Leave the step out; the column NoiseVariance says what noise "
        + "its intervals allow for.", "input");

    internal static ArgumentException NotScored(ColumnShapes columns) => new(
        $"The input was not scored by a model of MLNet.Sngp in this process; its columns are {MissingColumn.List(columns.Names)}. "
        + "Give what the model's Transform returns, without writing it to a file or into objects in between. "
        + "A zip file must be loaded with mlContext.Sngp().Load: ML.NET's own Load gives other transformers in the model's place.",
        "input");
}
