using System.Linq;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class NormalizationCatalog
{
    private const long DefaultMaximumExampleCount = 1000000000;

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = DefaultMaximumExampleCount, bool fixZero = true)
        => Make(catalog, NormalizingEstimator.Mode.MinMax, maximumExampleCount, fixZero, (outputColumnName, inputColumnName ?? outputColumnName));

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = DefaultMaximumExampleCount, bool fixZero = true)
        => Make(catalog, NormalizingEstimator.Mode.MinMax, maximumExampleCount, fixZero, ConversionsExtensionsCatalog.Pairs(columns));

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = DefaultMaximumExampleCount, bool fixZero = true, bool useCdf = false)
        => Make(catalog, ModeOf(useCdf), maximumExampleCount, fixZero, (outputColumnName, inputColumnName ?? outputColumnName));

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = DefaultMaximumExampleCount, bool fixZero = true, bool useCdf = false)
        => Make(catalog, ModeOf(useCdf), maximumExampleCount, fixZero, ConversionsExtensionsCatalog.Pairs(columns));

    private static NormalizingEstimator.Mode ModeOf(bool useCdf) => useCdf ? NormalizingEstimator.Mode.Cdf : NormalizingEstimator.Mode.MeanVariance;

    private static NormalizingEstimator Make(TransformsCatalog catalog, NormalizingEstimator.Mode mode, long maximumExampleCount, bool fixZero,
        params (string Output, string Input)[] columns)
        => new(catalog.GetEnvironment(), columns.Select(c =>
            new NormalizingEstimator.ColumnOptions(c.Output, c.Input, mode, maximumExampleCount, fixZero)).ToArray());
}
