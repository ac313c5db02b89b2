using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.StressServer;

// Serves a model on loopback: MLNet.Sngp.StressServer <model.onnx>. Prints its address, and runs until its input ends.
var context = new MLContext(seed: 1);
using var transformer = context.Sngp().LoadOnnx(args[0]);
using var pool = new EnginePool<FeatureRow, Prediction>(context, transformer);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
await using var server = builder.Build();
server.Urls.Add("http://127.0.0.1:0");
server.MapGet("/predict", (float a, float b, float c, float d) => pool.Predict(new FeatureRow { Features = [a, b, c, d] }));
await server.StartAsync();
Console.WriteLine(server.Urls.First());
Console.In.ReadToEnd();
await server.StopAsync();
return 0;

/// <summary>What comes in.</summary>
internal sealed class FeatureRow
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];
}

/// <summary>What goes out.</summary>
internal sealed class Prediction
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float Variance { get; set; }

    public float Uncertainty { get; set; }
}
