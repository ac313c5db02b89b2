using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

// Trains on two groups of points and saves the model twice; prints the first sentence of what goes wrong.
var ml = new MLContext(seed: 1);
var random = new Random(1);
var rows = Enumerable.Range(0, 64).Select(i =>
    new Row { Features = [(i % 2 * 4) - 2 + random.NextSingle(), random.NextSingle()], Label = i % 2 == 0 ? "left" : "right" });
IDataView train = ml.Data.LoadFromEnumerable(rows.ToList());
try
{
    var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Sngp().Multiclass(numberOfEpochs: 2)).Fit(train);
    ml.Model.Save(model, train.Schema, args[0]);
    Console.WriteLine("saved");
    return 0;
}
catch (LibTorchException exception)
{
    Console.WriteLine(exception.Message);
    return 1;
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
