using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Serving;

/// <summary>Worker: serves a model on loopback. Prints its address, and runs until its input ends.</summary>
internal static class Server
{
    public static string Run(string[] arguments)
    {
        Serve(arguments[0]).GetAwaiter().GetResult();
        return "served";
    }

    private static async Task Serve(string model)
    {
        var context = new MLContext(seed: 1);
        using var transformer = context.Sngp().LoadOnnx(model);
        using var pool = new EnginePool<Row, Prediction>(context, transformer);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/predict", (float a, float b, float c, float d) => pool.Predict(new Row { Features = [a, b, c, d] }));
        await server.StartAsync();
        Console.WriteLine(server.Urls.First());
        Console.In.ReadToEnd();
        await server.StopAsync();
    }

    /// <summary>What comes in.</summary>
    internal sealed class Row
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
}
