using BreastCancer;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

// A LightGBM model keeps its columns and gains the one thing that it lacks: it learns which rows are unlike those that it was trained on.
const double FalseAlarmRate = 0.05;
const int Seeds = 10;
string[] figures =
[
    "accuracy of LightGBM", "its confidence on test rows", "its confidence on rows of noise",
    "test rows called novel", "rows of noise called novel", "AUROC by Novelty",
];
string csv = Path.Combine(AppContext.BaseDirectory, "breast_cancer.csv");
var results = new List<double[]>();
for (int seed = 1; seed <= Seeds; seed++)
{
    var ml = new MLContext(seed);
    IDataView data = ml.Data.LoadFromTextFile<Tumor>(csv, separatorChar: ',', hasHeader: true);
    var split = ml.Data.TrainTestSplit(data, testFraction: 0.3, seed: seed);

    var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.LightGbm())
        .Append(ml.Sngp().NoveltyOnly(new SngpOptions { Seed = seed }, FalseAlarmRate))
        .Fit(split.TrainSet);

    IDataView scored = model.Transform(split.TestSet);
    IDataView noise = model.Transform(ml.Data.LoadFromEnumerable(NoiseRows(ml, split.TrainSet, seed)));
    OutOfDomainMetrics detection = ml.Sngp().EvaluateOutOfDomain(scored, noise, "Novelty");
    results.Add([
        ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, Confidence(scored), Confidence(noise),
        detection.FalseAlarmRate!.Value, detection.DetectionRate!.Value, detection.AreaUnderRocCurve,
    ]);
}

Console.WriteLine($"{Seeds} seeds, at most {FalseAlarmRate} of the test rows to be called novel: mean (lowest to highest)");
for (int i = 0; i < figures.Length; i++)
{
    double[] values = [.. results.Select(result => result[i])];
    Console.WriteLine($"  {figures[i]}: {values.Average():0.000} ({values.Min():0.000} to {values.Max():0.000})");
}

static double Confidence(IDataView scored) => scored.GetColumn<float[]>("Score").Average(score => score.Max());

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
