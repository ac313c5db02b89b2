using BreastCancer;
using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.Sngp;

int[] seeds = args.Length > 0 ? [.. args.Select(int.Parse)] : [2, 3, 4];
string[] names = ["missing", "malignant", "benign"];
string csv = Path.Combine(AppContext.BaseDirectory, "breast_cancer.csv");
foreach (int seed in seeds)
{
    var ml = new MLContext(seed);
    IDataView data = ml.Data.LoadFromTextFile<Tumor>(csv, separatorChar: ',', hasHeader: true);
    var split = ml.Data.TrainTestSplit(data, testFraction: 0.3, seed: seed);

    var pipeline = ml.Transforms.Conversion
        .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
        .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(ml.Sngp().Multiclass(new SngpTrainer.Options { Seed = seed }));
    var model = pipeline.Fit(split.TrainSet);

    IDataView scored = model.Transform(split.TestSet);
    IDataView noise = model.Transform(ml.Data.LoadFromEnumerable(NoiseRows(ml, split.TrainSet, seed)));
    UncertaintyMetrics quality = ml.Sngp().Evaluate(scored);
    OutOfDomainMetrics byVariance = ml.Sngp().EvaluateOutOfDomain(scored, noise, "Variance");
    OutOfDomainMetrics byUncertainty = ml.Sngp().EvaluateOutOfDomain(scored, noise, "Uncertainty");
    Console.WriteLine($"seed {seed}: accuracy {quality.Accuracy:0.000}, log-loss {quality.LogLoss:0.000}, "
        + $"ECE {quality.ExpectedCalibrationError:0.000}; AUROC against noise rows: "
        + $"by Variance {byVariance.AreaUnderRocCurve:0.000}, by Uncertainty {byUncertainty.AreaUnderRocCurve:0.000}");

    Console.WriteLine($"The ten of {quality.Count} test rows that it is least sure of:");
    foreach (Diagnosis row in ml.Data.CreateEnumerable<Diagnosis>(scored, reuseRowObject: false)
                 .OrderByDescending(row => row.Uncertainty).Take(10))
        Console.WriteLine($"  malignant {row.Score[0]:0.000}, benign {row.Score[1]:0.000}, variance {row.Variance:0.000}: "
            + $"says {names[row.PredictedLabel]}, is {names[row.Label]}");
}

// Rows like no cell: every feature on its own, ten standard deviations around the mean of the training rows.
static IEnumerable<Tumor> NoiseRows(MLContext ml, IDataView train, int seed)
{
    float[][] rows = [.. ml.Data.CreateEnumerable<Tumor>(train, reuseRowObject: false).Select(row => row.Features)];
    double[] mean = [.. rows[0].Select((_, j) => rows.Average(row => row[j]))];
    double[] deviation = [.. mean.Select((m, j) => Math.Sqrt(rows.Average(row => (row[j] - m) * (row[j] - m))))];
    var random = new Random(seed);
    return [.. Enumerable.Range(0, 500).Select(_ => new Tumor
    {
        Features = [.. mean.Select((m, j) => (float)(m + deviation[j] * (20 * random.NextDouble() - 10)))],
    })];
}
