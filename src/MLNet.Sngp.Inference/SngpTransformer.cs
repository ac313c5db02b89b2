using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Persistence;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp;

/// <summary>
/// Adds the predictions of an <see cref="UncertaintyModel"/>, each with its uncertainty, to a table. Scores with ONNX Runtime, in batches.
/// </summary>
/// <remarks>
/// <para>Columns added by a multiclass model:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Key with the training label's key values: the most probable class. Missing when a
/// feature is NaN.</description></item>
/// <item><term><c>Score</c></term><description>Vector of Single, one for each class, with the classes' names as slot names: probabilities,
/// adjusted for the uncertainty.</description></item>
/// <item><term><c>Variance</c></term><description>Single, or a vector of Single with an element for each class: the variance of the logits,
/// in logit².</description></item>
/// <item><term><c>Logits</c></term><description>Vector of Single, one for each class, before the adjustment.</description></item>
/// <item><term><c>Uncertainty</c></term><description>Single in [0, 1]: the entropy of <c>Score</c> divided by its largest possible
/// value.</description></item>
/// </list>
/// <para>Columns added by a binary model:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>PredictedLabel</c></term><description>Boolean: whether <c>Score</c> is above 0. False when a feature is NaN: ML.NET has
/// no missing Boolean.</description></item>
/// <item><term><c>Probability</c></term><description>Single in [0, 1]: the probability of true, adjusted for the
/// uncertainty.</description></item>
/// <item><term><c>Score</c></term><description>Single: the logit of <c>Probability</c>.</description></item>
/// <item><term><c>Variance</c></term><description>Single: the variance of the logits, in logit².</description></item>
/// <item><term><c>Uncertainty</c></term><description>Single in [0, 1]: the entropy of (1 − <c>Probability</c>, <c>Probability</c>) divided
/// by log 2.</description></item>
/// </list>
/// <para>Columns added by a regression model, with u for the label's unit:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term><c>Score</c></term><description>Single, u: the mean.</description></item>
/// <item><term><c>Variance</c></term><description>Single, u²: the variance of the mean.</description></item>
/// <item><term><c>NoiseVariance</c></term><description>Single, u²: the variance of labels about their mean.</description></item>
/// <item><term><c>Lower</c>, <c>Upper</c></term><description>Single, u: the ends of the interval in which the label is to be
/// expected.</description></item>
/// </list>
/// <para><c>Novelty</c>, <c>ConformalSets</c> and <c>Decide</c> of <c>mlContext.Sngp()</c> add columns of their own to a model.</para>
/// <para>A column of the input that has one of these names is hidden by the new one.
/// A NaN among a row's features gives NaN in that row, in every column of Single, and no exception.</para>
/// <para>Safe for use by several threads. Dispose it to free the native memory; afterwards scoring throws
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class SngpTransformer : ISingleFeaturePredictionTransformer<UncertaintyModel>, IDisposable
{
    internal const string SngpMethod = "Sngp";

    private readonly OnnxScorer _scorer;

    /// <exception cref="ModelFormatException">ONNX Runtime refuses the model's graph.</exception>
    internal SngpTransformer(IHostEnvironment environment, UncertaintyModel model, CalibrationReport? calibration = null,
        DecisionReport? decision = null)
    {
        (Calibration, Decision) = (calibration, decision);
        Environment = environment;
        Model = model;
        _scorer = new OnnxScorer(model);
    }

    /// <summary>Gets the model that scores.</summary>
    public UncertaintyModel Model { get; }

    /// <summary>
    /// Gets λ of the mean-field adjustment, logits / (T·√(1 + λσ²)); at least 0, without unit. <see langword="null"/> when the model has no
    /// such adjustment: another method's, or one that draws from the posterior instead.
    /// </summary>
    public float? MeanFieldFactor => Model.MeanFieldFactor;

    /// <summary>Gets the temperature T by which logits are divided; above 0, without unit. 1 when the model was not calibrated.</summary>
    public float Temperature => Model.Temperature ?? 1;

    /// <summary>
    /// Gets what <see cref="CalibrationEstimator"/> chose for this model and what it gained; <see langword="null"/> when the model was not
    /// calibrated in this process. It is not saved; <see cref="Temperature"/> and <see cref="MeanFieldFactor"/> are.
    /// </summary>
    public CalibrationReport? Calibration { get; }

    /// <summary>
    /// Gets what <c>Decide</c> fitted and what it came to on the validation rows; <see langword="null"/> when this transformer is not what
    /// such an estimator's <c>Fit</c> gave in this process. It is not saved; the thresholds are part of the model's graph.
    /// </summary>
    public DecisionReport? Decision { get; }

    /// <summary>
    /// Gets the kernel scale that the model was trained with, also when it was chosen automatically; above 0, in squared units of the
    /// hidden layer. <see langword="null"/> when the model has none, or several.
    /// </summary>
    public double? KernelScale => Number(nameof(KernelScale));

    /// <summary>
    /// Gets the 95 % quantile of <c>Variance</c> over the training rows; above 0, in logit², or for a regression in the
    /// label's unit squared. A row above it is unlike 95 in 100 of them.
    /// <see langword="null"/> when the model has no posterior, or several.
    /// </summary>
    public double? VarianceReference => Number(nameof(VarianceReference));

    /// <summary>Gets the name of the column that holds the features.</summary>
    public string FeatureColumnName => Model.FeatureColumnName;

    /// <summary>Gets the type that the feature column must have: a vector of Single of known length.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, Model.NumberOfFeatures);

    /// <summary>Gets <see langword="true"/>: each row is scored by itself.</summary>
    public bool IsRowToRowMapper => true;

    internal IHostEnvironment Environment { get; }

    /// <summary>Gives the columns of <paramref name="inputSchema"/> followed by those of the model.</summary>
    /// <param name="inputSchema">The columns of the table to score.</param>
    /// <returns>The columns of the scored table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature column, or it is not of type
    /// <see cref="FeatureColumnType"/>.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>Adds the model's columns to <paramref name="input"/>. Lazy: nothing is scored before rows are read.</summary>
    /// <param name="input">The table to score.</param>
    /// <returns>The scored table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature column, or it is not of type
    /// <see cref="FeatureColumnType"/>.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _scorer.ThrowIfDisposed();
        return new ScoredDataView(input, _scorer);
    }

    /// <summary>Gives what scores one row at a time; prediction engines use it.</summary>
    /// <param name="inputSchema">The columns of the rows.</param>
    /// <returns>A mapper of rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature column, or it is not of type
    /// <see cref="FeatureColumnType"/>.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredRowMapper(inputSchema, _scorer);
    }

    /// <summary>Writes the model as an ONNX file. The file is replaced only once it is complete.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="overridableCalibration">
    /// Whether <c>MeanFieldFactor</c> (λ, where the model has one) and <c>Temperature</c> (T) are also inputs of shape [1] which a host may
    /// feed instead of the model's own values. ONNX Runtime then warns about each when it opens the file. <see langword="false"/>
    /// (default): they are constants. Rates that <c>Novelty</c>, <c>ConformalSets</c> and <c>Decide</c> state hold of the model's own
    /// values.
    /// </param>
    /// <exception cref="IOException">The file cannot be written; an older one is left as it was.</exception>
    public void SaveAsOnnx(string path, bool overridableCalibration = false) =>
        AtomicFile.Write(path, file => file.Write(Model.ToFile(overridableCalibration)));

    /// <summary>Writes the model as the bytes of an ONNX file.</summary>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="overridableCalibration">As in <see cref="SaveAsOnnx(string, bool)"/>.</param>
    public void SaveAsOnnx(Stream stream, bool overridableCalibration = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Model.ToFile(overridableCalibration));
    }

    /// <summary>Frees the native memory of the model. Scoring that goes on elsewhere ends with
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _scorer.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A transformer that gives some of the columns alone.</summary>
    internal SngpTransformer Keep(params string[] columns) => new(Environment, Model.Keep(columns));

    // ML.NET's zip format: mlContext.Model.Save calls this.
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        RowwiseChain.Save(Model, ctx, (Environment as MLContext)?.TempFilePath ?? Path.GetTempPath());

    private double? Number(string option) =>
        Model.Options.TryGetValue(option, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
