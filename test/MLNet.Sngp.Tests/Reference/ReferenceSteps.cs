using System.Text.Json;
using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Reference;

/// <summary>training_steps.json: the numbers that an independent program computed for a tiny SNGP, in double precision.</summary>
internal static class ReferenceSteps
{
    public const int Width = 12;
    public const int Depth = 2;
    public const int NumberOfRandomFeatures = 16;
    public const int BatchSize = 8;

    private static readonly Lazy<JsonDocument> Document = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "training_steps.json"))));

    public static JsonElement Root => Document.Value.RootElement;

    public static SngpTrainer.Options Options => new()
    {
        NumberOfHiddenLayers = Depth,
        NumberOfHiddenUnits = Width,
        NumberOfRandomFeatures = NumberOfRandomFeatures,
        DropoutRate = 0,
        LearningRate = 0.01,
        BatchSize = BatchSize,
        KernelScale = 1,
        Seed = 1,
    };

    /// <summary>A network with the reference's initial state.</summary>
    public static SngpNetwork InitialNetwork()
    {
        var network = new SngpNetwork(new NetworkShape(2, Depth, Width, 2), Options, 1, CPU, _ => 1);
        Load(network, Root.GetProperty("initial"));
        return network;
    }

    public static Tensor Floats(JsonElement element) => Doubles(element).to(ScalarType.Float32);

    /// <summary>A number, vector or matrix in double precision.</summary>
    public static Tensor Doubles(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
            return tensor(element.GetDouble());
        var rows = element.EnumerateArray().ToArray();
        return rows[0].ValueKind == JsonValueKind.Number
            ? tensor(rows.Select(value => value.GetDouble()).ToArray())
            : stack(rows.Select(Doubles).ToArray());
    }

    public static Tensor Labels(JsonElement element) => tensor(element.EnumerateArray().Select(value => value.GetInt64()).ToArray());

    public static void AssertClose(JsonElement expected, Tensor actual, double tolerance, string what)
    {
        var wanted = Doubles(expected);
        var difference = (actual.detach().to(ScalarType.Float64).reshape(wanted.shape) - wanted).abs().max().item<double>();
        Assert.IsLessThanOrEqualTo(tolerance, difference, what);
    }

    private static void Load(SngpNetwork network, JsonElement state)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        network.Residual.ProjectionWeight.copy_(Doubles(state.GetProperty("project_w")));
        network.Residual.ProjectionBias.copy_(Doubles(state.GetProperty("project_b")));
        network.GaussianProcess.ScaledWeight.copy_(Doubles(state.GetProperty("rff_w")));
        network.GaussianProcess.Bias.copy_(Doubles(state.GetProperty("rff_b")));
        network.GaussianProcess.OutputWeight.copy_(Doubles(state.GetProperty("beta")));
        for (var layer = 0; layer < Depth; layer++)
        {
            var block = state.GetProperty($"block{layer}");
            network.Residual.Weight(layer).copy_(Doubles(block.GetProperty("w")));
            network.Residual.Bias(layer).copy_(Doubles(block.GetProperty("b")));
            network.SpectralNormalization.Right[layer, 0].copy_(Doubles(block.GetProperty("u")));
            network.SpectralNormalization.Left[layer, 0].copy_(Doubles(block.GetProperty("v")));
        }
    }
}
