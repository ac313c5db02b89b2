using BreastCancer;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;
using SaveAndServe;

string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "save-and-serve");
string zip = Path.Combine(folder, "model.zip"), onnx = Path.Combine(folder, "model.onnx"), csv = Path.Combine(folder, "test.csv");
if (!File.Exists(zip) || !File.Exists(onnx) || !File.Exists(csv))
{
    Console.Error.WriteLine($"{folder} holds no model; run the project SaveAndServe.Train first.");
    return 1;
}

var ml = new MLContext();
IDataView rows = ml.Data.LoadFromTextFile<Tumor>(csv, separatorChar: ',');

ITransformer plain = ml.Model.Load(zip, out DataViewSchema schema);
ITransformer batching = ml.Sngp().Load(zip, out _);
Diagnosis[] expected = Read(plain.Transform(rows));
Console.WriteLine(
    $"{expected.Length} rows, {schema.Count} columns; the first is {expected[0].Score[0]:0.000} malignant, variance "
    + $"{expected[0].Variance:0.000}");

Report("the zip by mlContext.Sngp().Load", Read(batching.Transform(rows)));

// The ONNX file holds the classifier alone: what comes before it is taken from the zip's pipeline.
using SngpTransformer classifier = ml.Sngp().LoadOnnx(onnx);
var before = new TransformerChain<ITransformer>([.. ((IEnumerable<ITransformer>)batching).TakeWhile(step => step is not SngpTransformer)]);
Report("the ONNX file by LoadOnnx", Read(classifier.Transform(before.Transform(rows))));

using var engine = ml.Model.CreatePredictionEngine<Tumor, Diagnosis>(batching, schema);
Report("row by row by a prediction engine", [.. ml.Data.CreateEnumerable<Tumor>(rows, reuseRowObject: false).Select(engine.Predict)]);

string[] native =
    [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch*",
    new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, RecurseSubdirectories = true })];
Console.WriteLine($"Files of TorchSharp or libtorch beside this program: {native.Length}");
return native.Length == 0 ? 0 : 1;

Diagnosis[] Read(IDataView scored) => [.. ml.Data.CreateEnumerable<Diagnosis>(scored, reuseRowObject: false)];

void Report(string way, Diagnosis[] actual)
{
    double largest = expected.Zip(actual).Max(pair => Math.Max(
        Math.Abs(pair.First.Variance - pair.Second.Variance),
        pair.First.Score.Zip(pair.Second.Score).Max(score => Math.Abs(score.First - score.Second))));
    bool same = expected.Length == actual.Length && expected.Zip(actual)
        .All(pair => pair.First.PredictedLabel == pair.Second.PredictedLabel);
    Console.WriteLine($"{way}: largest difference {largest:0.0e+0}, labels {(same ? "the same" : "DIFFERENT")}");
    if (!same || largest > 1e-6)
        throw new InvalidOperationException($"{way} does not give what ML.NET gives on the zip.");
}
