using System.Collections.Immutable;
using Microsoft.ML.Data;
using MLNet.Sngp;
using MLNet.Sngp.Evaluation;
using MLNet.Sngp.Pipelines;
using MLNet.Sngp.Scoring;

namespace Microsoft.ML;

/// <summary><c>PermutationFeatureImportance</c> for pipelines that hold a model of this library.</summary>
/// <remarks>
/// ML.NET's own call for a whole pipeline looks for an interface that only its own transformers can have. These go by the same name, are
/// taken for a chain that ends in a transformer of this library, and give the same: how much each metric changes when the values of one
/// feature are shuffled among the rows. For other pipelines, and for what <c>Load</c> returns, take those of <c>mlContext.Sngp()</c>.
/// </remarks>
public static class SngpFeatureImportanceExtensions
{
    /// <summary>The importance of each feature for a multiclass model, by its name.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog,
        TransformerChain<SngpTransformer> model,
        IDataView data,
        string labelColumnName = "Label",
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        => Multiclass(catalog, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);

    /// <summary>The importance of each feature for a binary model, by its name.</summary>
    /// <param name="catalog"><c>mlContext.BinaryClassification</c>.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a Boolean.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, BinaryClassificationMetricsStatistics> PermutationFeatureImportance(
        this BinaryClassificationCatalog catalog,
        TransformerChain<SngpTransformer> model,
        IDataView data,
        string labelColumnName = "Label",
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        => Binary(catalog, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);

    /// <summary>The importance of each feature for a regression model, by its name.</summary>
    /// <param name="catalog"><c>mlContext.Regression</c>.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a Single.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, RegressionMetricsStatistics> PermutationFeatureImportance(
        this RegressionCatalog catalog,
        TransformerChain<SngpTransformer> model,
        IDataView data,
        string labelColumnName = "Label",
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        => Regression(catalog, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);

    /// <summary>The importance of each feature for a multiclass model anywhere in a pipeline, by its name.</summary>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="model">The fitted pipeline, or what <c>mlContext.Sngp().Load</c> gave.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> PermutationFeatureImportance(
        this SngpCatalog catalog, ITransformer model, IDataView data, string labelColumnName = "Label", int? numberOfExamplesToUse = null,
            int permutationCount = 1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Multiclass(catalog.Context.MulticlassClassification, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);
    }

    /// <summary>The importance of each feature for a binary model anywhere in a pipeline, by its name.</summary>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="model">The fitted pipeline, or what <c>mlContext.Sngp().Load</c> gave.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a Boolean.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, BinaryClassificationMetricsStatistics> BinaryPermutationFeatureImportance(
        this SngpCatalog catalog, ITransformer model, IDataView data, string labelColumnName = "Label", int? numberOfExamplesToUse = null,
            int permutationCount = 1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Binary(catalog.Context.BinaryClassification, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);
    }

    /// <summary>The importance of each feature for a regression model anywhere in a pipeline, by its name.</summary>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="model">The fitted pipeline, or what <c>mlContext.Sngp().Load</c> gave.</param>
    /// <param name="data">Rows with the label: raw ones, or those that the pipeline's first steps have made features of.</param>
    /// <param name="labelColumnName">The label column, a Single.</param>
    /// <param name="numberOfExamplesToUse">At most so many rows; null for all.</param>
    /// <param name="permutationCount">How often each feature is shuffled, from 1; the statistics are over these.</param>
    /// <returns>The changes of the metrics by slot name; a slot without a name goes by <c>Slot</c> and its number from 0.</returns>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label, or a column that the pipeline takes, is missing.</exception>
    public static ImmutableDictionary<string, RegressionMetricsStatistics> RegressionPermutationFeatureImportance(
        this SngpCatalog catalog, ITransformer model, IDataView data, string labelColumnName = "Label", int? numberOfExamplesToUse = null,
            int permutationCount = 1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Regression(catalog.Context.Regression, model, data, labelColumnName, numberOfExamplesToUse, permutationCount);
    }

    private static ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> Multiclass(
        MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, string labelColumnName, int? numberOfExamplesToUse,
            int permutationCount)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (transformer, rows) = Prepare(model, data, labelColumnName);
        return Named(rows, transformer, catalog.PermutationFeatureImportance(
            transformer, rows, labelColumnName, numberOfExamplesToUse: numberOfExamplesToUse, permutationCount: permutationCount));
    }

    private static ImmutableDictionary<string, BinaryClassificationMetricsStatistics> Binary(
        BinaryClassificationCatalog catalog, ITransformer model, IDataView data, string labelColumnName, int? numberOfExamplesToUse,
            int permutationCount)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (transformer, rows) = Prepare(model, data, labelColumnName);
        return Named(rows, transformer, catalog.PermutationFeatureImportance(
            transformer, rows, labelColumnName, numberOfExamplesToUse: numberOfExamplesToUse, permutationCount: permutationCount));
    }

    private static ImmutableDictionary<string, RegressionMetricsStatistics> Regression(
        RegressionCatalog catalog, ITransformer model, IDataView data, string labelColumnName, int? numberOfExamplesToUse,
            int permutationCount)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (transformer, rows) = Prepare(model, data, labelColumnName);
        return Named(rows, transformer, catalog.PermutationFeatureImportance(
            transformer, rows, labelColumnName, numberOfExamplesToUse: numberOfExamplesToUse, permutationCount: permutationCount));
    }

    /// <summary>The model, and rows with its features.</summary>
    private static (SngpTransformer Model, IDataView Rows) Prepare(ITransformer pipeline, IDataView data, string labelColumnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        var transformer = FittedPipeline.Find(pipeline);
        var hasFeatures = data.Schema.GetColumnOrNull(transformer.FeatureColumnName) is { } column
            && column.Type.Equals(transformer.FeatureColumnType);
        var rows = hasFeatures ? data : FittedPipeline.InputOf(pipeline, data);
        ColumnShapes.Of(rows.Schema).Find("label", labelColumnName, EvaluationColumns.LabelRemedy);
        FeatureColumn.Find(rows.Schema, transformer.FeatureColumnName, transformer.Model.NumberOfFeatures);
        return (transformer, rows);
    }

    private static ImmutableDictionary<string, TStatistics> Named<TStatistics>(
        IDataView rows, SngpTransformer model, ImmutableArray<TStatistics> statistics)
    {
        var names = SlotNames.Of(rows.Schema[model.FeatureColumnName]);
        var named = ImmutableDictionary.CreateBuilder<string, TStatistics>();
        for (var slot = 0; slot < statistics.Length; slot++)
        {
            var name = names[slot];
            var number = FormattableString.Invariant($"Slot {slot}");
            // Slots may share a name.
            named.Add(name.Length == 0 ? number : named.ContainsKey(name) ? $"{name} ({number})" : name, statistics[slot]);
        }
        return named.ToImmutable();
    }
}
