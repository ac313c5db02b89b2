using System.Diagnostics;
using BreastCancer;
using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.Sngp;

int[] seeds = args.Length > 0 ? [.. args.Select(int.Parse)] : [.. Enumerable.Range(1, 20)];
string[] figures = ["accuracy", "log-loss", "ECE", "AUROC by Variance", "AUROC by Uncertainty", "accuracy of a logistic regression"];
string[] names = ["missing", "malignant", "benign"];
string csv = Path.Combine(AppContext.BaseDirectory, "breast_cancer.csv");
var clock = Stopwatch.StartNew();
var results = new List<double[]>();
foreach (int seed in seeds)
{
    var ml = new MLContext(seed);
    IDataView data = ml.Data.LoadFromTextFile<Tumor>(csv, separatorChar: ',', hasHeader: true);
    var split = ml.Data.TrainTestSplit(data, testFraction: 0.3, seed: seed);

    var featurised = ml.Transforms.Conversion
        .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
        .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false));
    var model = featurised.Append(ml.Sngp().Multiclass(new SngpOptions { Seed = seed })).Fit(split.TrainSet);
    var logistic = featurised.Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(split.TrainSet);

    IDataView scored = model.Transform(split.TestSet);
    IDataView noise = model.Transform(ml.Data.LoadFromEnumerable(NoiseRows(ml, split.TrainSet, seed)));
    UncertaintyMetrics quality = ml.Sngp().Evaluate(scored);
    results.Add([
        quality.Accuracy,
        quality.LogLoss,
        quality.ExpectedCalibrationError,
        ml.Sngp().EvaluateOutOfDomain(scored, noise, "Variance").AreaUnderRocCurve,
        ml.Sngp().EvaluateOutOfDomain(scored, noise, "Uncertainty").AreaUnderRocCurve,
        ml.Sngp().Evaluate(logistic.Transform(split.TestSet)).Accuracy,
    ]);
    if (results.Count == 1)
        PrintLeastSure(ml, scored, quality.Count);
    Console.WriteLine($"seed {seed}: {string.Join(", ", figures.Zip(results[^1], (name, value) => $"{name} {value:0.000}"))}");
}

Console.WriteLine($"{seeds.Length} seeds in {clock.Elapsed.TotalSeconds:0} s: mean (lowest to highest)");
for (int i = 0; i < figures.Length; i++)
{
    double[] values = [.. results.Select(result => result[i])];
    Console.WriteLine($"  {figures[i]}: {values.Average():0.000} ({values.Min():0.000} to {values.Max():0.000})");
}

void PrintLeastSure(MLContext ml, IDataView scored, int count)
{
    Console.WriteLine($"The ten of {count} test rows that it is least sure of:");
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
