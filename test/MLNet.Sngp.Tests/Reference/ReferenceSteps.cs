using System.Text.Json;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
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

    public static SngpOptions Options => new()
    {
        Seed = 1,
        Backbone = new ResidualMlp { NumberOfHiddenLayers = Depth, NumberOfHiddenUnits = Width, DropoutRate = 0 },
        GaussianProcess =
        { NumberOfRandomFeatures = NumberOfRandomFeatures, KernelScale = 1, NormalizeGpInput = GpInputNormalization.None },
        Training = { LearningRate = 0.01, BatchSize = BatchSize },
    };

    /// <summary>A network with the reference's initial state.</summary>
    public static Network InitialNetwork()
    {
        var network = TestNetwork.Create(2, Depth, Width, 2, Options);
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

    private static void Load(Network network, JsonElement state)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        network.Mlp().Projection.copy_(Doubles(state.GetProperty("project_w")));
        network.Process().Map.ScaledWeight.copy_(Doubles(state.GetProperty("rff_w")));
        network.Process().Map.Phase.copy_(Doubles(state.GetProperty("rff_b")));
        network.Process().OutputWeight.copy_(Doubles(state.GetProperty("beta")));
        for (var layer = 0; layer < Depth; layer++)
        {
            var block = state.GetProperty($"block{layer}");
            network.Mlp().Weight(layer).copy_(Doubles(block.GetProperty("w")));
            network.Mlp().Bias(layer).copy_(Doubles(block.GetProperty("b")));
            network.Mlp().Buffer("spectral_right")[layer, 0].copy_(Doubles(block.GetProperty("u")));
            network.Mlp().Buffer("spectral_left")[layer, 0].copy_(Doubles(block.GetProperty("v")));
        }
    }
}
