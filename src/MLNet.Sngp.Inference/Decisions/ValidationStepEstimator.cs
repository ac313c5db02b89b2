using Microsoft.ML;
using MLNet.Sngp.Calibration;
using MLNet.Sngp.Decisions;
using MLNet.Sngp.Evaluation;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp;

/// <summary>
/// Adds columns to a trained model whose error rates are fitted to validation rows. Made by <c>mlContext.Sngp().Novelty(…)</c>,
/// <c>ConformalSets(…)</c>, <c>ConformalRegression(…)</c> and <c>Decide(…)</c>.
/// </summary>
/// <remarks>
/// <para>The transformer that <see cref="Fit"/> gives holds the model with more nodes in its graph; append it to the pipeline that scored.
/// Its columns hide the first model's, which have the same values and are then not computed. Several may follow one another, after
/// <c>Calibrate</c>: what they fit would not hold of a model that is calibrated later.</para>
/// <para>Immutable and safe for use by several threads.</para>
/// </remarks>
public sealed class ValidationStepEstimator : IEstimator<SngpTransformer>
{
    private readonly SngpCatalog _catalog;
    private readonly FittedStep _step;

    internal ValidationStepEstimator(SngpCatalog catalog, FittedStep step)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        (_catalog, _step) = (catalog, step);
    }

    /// <summary>Fits the new columns to scored rows. Nothing is trained again.</summary>
    /// <param name="input">
    /// Data that a model of this library scored in this process and did not see in training, with the model's feature column as the model
    /// took it. Steps may lie between the model and here. Of several models the last is meant.
    /// </param>
    /// <returns>The model with the new columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the feature column does not fit the model.</exception>
    /// <exception cref="ArgumentException">No model of this library scored the data, a column is of a wrong type, or the model has a column
    /// of that name.</exception>
    /// <exception cref="InvalidOperationException">The rows do not suffice for the rates; the message says how many do.</exception>
    public SngpTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = ModelAnnotation.Find(input.Schema) ?? throw CalibrationEstimator.NotScored(ColumnShapes.Of(input.Schema));
        foreach (var column in _step.Columns(isBinary: false).Where(
            column => !_step.Replaces && model.Gives(column.Name)))
            throw Taken(column.Name);
        var (fitted, unscored, report) = _step.Fit(model, input);
        _catalog.WarnOfUnscored(_step.Name, unscored, "Validation rows for which the model gives numbers that are not finite");
        return new SngpTransformer(_catalog.Environment, fitted, decision: report);
    }

    /// <summary>Gives the columns of <paramref name="inputSchema"/> and the new ones.</summary>
    /// <param name="inputSchema">The columns of scored data.</param>
    /// <returns>The columns of the data that the transformer gives.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label column is missing.</exception>
    /// <exception cref="ArgumentException">No model of this library makes any of the columns, the label is of a wrong type, or the model
    /// has
    /// a column of that name.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = ColumnShapes.Of(inputSchema);
        var made = inputSchema.Where(ModelAnnotation.IsOn).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        if (made.Count == 0)
            throw CalibrationEstimator.NotScored(columns);
        var isBinary = made.Contains(ColumnNames.Probability);
        if (_step is { LabelColumnName: { } number, TakesNumbers: true })
            columns.Find("label", number, NumberColumn.Remedy);
        else if (_step.LabelColumnName is { } label)
            ValidationRows.CheckLabel(columns, label, isBinary);
        var added = _step.Columns(isBinary);
        return !_step.Replaces && added.FirstOrDefault(column => made.Contains(column.Name)) is { } taken
            ? throw Taken(taken.Name)
            : OutputPromise.AfterScoring(inputSchema, added);
    }

    private ArgumentException Taken(string name) => new(
        $"The model has a column '{name}' already. {_step.Name} cannot be applied a second time with the same column; "
        + "give Decide another outputColumnName, or fit the step to what the model before it scores.", "input");
}
