using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

// Loads the model where there is no TorchSharp, and scores a row.
var ml = new MLContext(seed: 1);
var model = ml.Sngp().Load(args[0], out _);
var scored = model.Transform(ml.Data.LoadFromEnumerable([new Row { Features = [-2, 0], Label = "left" }]));
Console.WriteLine(
    $"scored {scored.GetColumn<float>("Variance").Single() >= 0}, TorchSharp "
    + $"{File.Exists(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"))}");
return 0;

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
