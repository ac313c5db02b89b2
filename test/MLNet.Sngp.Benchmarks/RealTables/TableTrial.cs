using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>Trains a method on a split of a table and measures it.</summary>
internal static class TableTrial
{
    public static TableResult Run(CsvTable table, TableMethod method, int seed, Func<MLContext, IEstimator<ITransformer>?> normalize)
    {
        var split = TableSplit.Create(table, seed);
        var clock = Stopwatch.StartNew();
        var model = Fit(split, method, seed, normalize);
        var seconds = clock.Elapsed.TotalSeconds;
        var (test, noise) = (model.Transform(split.Test), model.Transform(split.Noise));
        var quality = split.Context.Sngp().Evaluate(test);
        double? novel = null;
        if (table.NumberOfClasses > 2)
        {
            var without = TableSplit.Create(table, seed, leftOut: table.Labels.GroupBy(label => label).MinBy(rows => rows.Count())!.Key);
            var partial = Fit(without, method, seed, normalize);
            novel = Auroc(partial.Transform(without.Test), partial.Transform(without.Novel!));
        }
        return new(table.Name, method.Name, quality.Accuracy, quality.LogLoss, quality.ExpectedCalibrationError, Auroc(test, noise),
            AreaUnderCurve(Doubt(test), Doubt(noise)), novel, seconds);
    }

    private static TransformerChain<ITransformer> Fit(
        TableSplit split, TableMethod method, int seed, Func<MLContext, IEstimator<ITransformer>?> normalize)
    {
        var key = split.Context.Transforms.Conversion.MapValueToKey(
            "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        var prepared = new EstimatorChain<ITransformer>().Append<ITransformer>(key);
        if (normalize(split.Context) is { } normalizer)
            prepared = prepared.Append(normalizer);
        return prepared.Append(method.Create(split.Context, seed)).Fit(split.Train);
    }

    private static double Auroc(IDataView inDomain, IDataView outOfDomain) => inDomain.Schema.GetColumnOrNull("Variance") is null
        ? AreaUnderCurve(Doubt(inDomain), Doubt(outOfDomain))
        : AreaUnderCurve([.. inDomain.GetColumn<float>("Variance")], [.. outOfDomain.GetColumn<float>("Variance")]);

    // Uncertainty where it is given; 1 − max p as the sum of the others, which single precision can tell from 0.
    private static float[] Doubt(IDataView scored) => scored.Schema.GetColumnOrNull("Uncertainty") is null
        ? [.. scored.GetColumn<float[]>("Score").Select(score => score.Order().SkipLast(1).Sum())]
        : [.. scored.GetColumn<float>("Uncertainty")];

    private static double AreaUnderCurve(float[] inDomain, float[] outOfDomain)
    {
        Array.Sort(inDomain);
        return outOfDomain.Average(value => (Below(value, strictly: true) + Below(value, strictly: false)) / 2.0) / inDomain.Length;

        int Below(float value, bool strictly)
        {
            var (low, high) = (0, inDomain.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (inDomain[middle] < value || (!strictly && inDomain[middle] == value))
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }
}
