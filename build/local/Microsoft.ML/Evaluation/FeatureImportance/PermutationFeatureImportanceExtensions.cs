using System;
using System.Collections.Immutable;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class PermutationFeatureImportanceExtensions
{
    public static ImmutableArray<BinaryClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(this BinaryClassificationCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer, IDataView data, string labelColumnName = "Label",
        bool useFeatureWeightFilter = false, int? numberOfExamplesToUse = null, int permutationCount = 1)
        where TModel : class
        => Transforms.PermutationFeatureImportance.Compute(catalog.GetEnvironment(), predictionTransformer, data, predictionTransformer.FeatureColumnName,
            () => new BinaryClassificationMetricsStatistics(), scored => catalog.EvaluateNonCalibrated(scored, labelColumnName),
            permutationCount, numberOfExamplesToUse);

    public static ImmutableDictionary<string, BinaryClassificationMetricsStatistics> PermutationFeatureImportanceNonCalibrated(
        this BinaryClassificationCatalog catalog, ITransformer model, IDataView data, string labelColumnName = "Label",
        bool useFeatureWeightFilter = false, int? numberOfExamplesToUse = null, int permutationCount = 1)
        => throw Refuse(model, data);

    public static ImmutableArray<MulticlassClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(
        this MulticlassClassificationCatalog catalog, ISingleFeaturePredictionTransformer<TModel> predictionTransformer, IDataView data,
        string labelColumnName = "Label", bool useFeatureWeightFilter = false, int? numberOfExamplesToUse = null, int permutationCount = 1)
        where TModel : class
        => Transforms.PermutationFeatureImportance.Compute(catalog.GetEnvironment(), predictionTransformer, data, predictionTransformer.FeatureColumnName,
            () => new MulticlassClassificationMetricsStatistics(), scored => catalog.Evaluate(scored, labelColumnName),
            permutationCount, numberOfExamplesToUse);

    public static ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, string labelColumnName = "Label",
        bool useFeatureWeightFilter = false, int? numberOfExamplesToUse = null, int permutationCount = 1)
        => throw Refuse(model, data);

    // A whole model is searched for an interface that only ML.NET's own predictors have, and the stand-in has none of those.
    private static Exception Refuse(ITransformer model, IDataView data)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(model, nameof(model));
        return new ArgumentNullException("lastTransformer", "The model provided does not have a compatible predictor");
    }
}
