using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

var ml = new MLContext(seed: 1);
IDataView train = ml.Data.LoadFromEnumerable(Point.Sample(400, seed: 1));
IDataView test = ml.Data.LoadFromEnumerable(Point.Sample(200, seed: 2));

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.Concatenate("Features", "X", "Y"))
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)) // distances need centred features
    .Append(ml.Sngp().Multiclass(new SngpTrainer.Options { NumberOfEpochs = 30, Seed = 1 }));
var model = pipeline.Fit(train);

IDataView scored = model.Transform(test);
UncertaintyMetrics quality = ml.Sngp().Evaluate(scored);
Console.WriteLine($"accuracy {quality.Accuracy:0.000}, calibration error {quality.ExpectedCalibrationError:0.000}");

IDataView far = model.Transform(ml.Data.LoadFromEnumerable([new Point { Label = "low", X = 30, Y = -30 }]));
OutOfDomainMetrics detection = ml.Sngp().EvaluateOutOfDomain(scored, far);
Console.WriteLine($"uncertainty far away {far.GetColumn<float>("Uncertainty").Single():0.000}, "
    + $"at test points {scored.GetColumn<float>("Uncertainty").Average():0.000}; AUROC {detection.AreaUnderRocCurve:0.000}");

model.LastTransformer.SaveAsOnnx("sngp.onnx");

public sealed class Point
{
    public float X { get; set; }
    public float Y { get; set; }
    public string Label { get; set; } = "";

    // Points around (-1, -1), called low, and around (1, 1), called high.
    public static IEnumerable<Point> Sample(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int side = i % 2 == 0 ? -1 : 1;
            yield return new Point
            {
                X = side + random.NextSingle() - 0.5f,
                Y = side + random.NextSingle() - 0.5f,
                Label = side < 0 ? "low" : "high",
            };
        }
    }
}
