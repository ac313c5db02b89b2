using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a pipeline that begins with texts, in both ways, where there is no TorchSharp, and scores a row.
var ml = new MLContext(seed: 1);
var rows = ml.Data.LoadFromEnumerable([new Row { Text = "blue a", Label = "blue" }]);
float[] variances =
[
    .. ml.Model.Load(args[0], out _).Transform(rows).GetColumn<float>("Variance"),
    .. ml.Sngp().Load(args[0], out _).Transform(rows).GetColumn<float>("Variance"),
];
Console.WriteLine(
    $"scored {Math.Abs(variances[0] - variances[1]) < 1e-5f}, TorchSharp "
    + $"{File.Exists(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"))}");
return 0;

internal sealed class Row
{
    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}
