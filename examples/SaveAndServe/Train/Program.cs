using BreastCancer;
using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.Sngp;

string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "save-and-serve");
Directory.CreateDirectory(folder);

var ml = new MLContext(seed: 2);
string csv = Path.Combine(AppContext.BaseDirectory, "breast_cancer.csv");
IDataView data = ml.Data.LoadFromTextFile<Tumor>(csv, separatorChar: ',', hasHeader: true);
var split = ml.Data.TrainTestSplit(data, testFraction: 0.3, seed: 2);

var pipeline = ml.Transforms.Conversion
    .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
    .Append(ml.Sngp().Multiclass(new SngpOptions { Seed = 2 }));
var model = pipeline.Fit(split.TrainSet);
Console.WriteLine($"accuracy {ml.Sngp().Evaluate(model.Transform(split.TestSet)).Accuracy:0.000} on held-out rows");

// The zip holds the whole pipeline; the ONNX file holds the model, which takes normalised features.
ml.Model.Save(model, data.Schema, Path.Combine(folder, "model.zip"));
model.LastTransformer.SaveAsOnnx(Path.Combine(folder, "model.onnx"));

var test = ml.Data.CreateEnumerable<Tumor>(split.TestSet, reuseRowObject: false);
File.WriteAllLines(Path.Combine(folder, "test.csv"), test.Select(row => $"{row.Label},{string.Join(',', row.Features)}"));
Console.WriteLine($"Written to {folder}: model.zip, model.onnx, test.csv");
