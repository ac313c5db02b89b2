using System.Globalization;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Two trainings at once give the same bytes as each alone, and leave libtorch's and .NET's global state as it was.</summary>
internal static class Trainings
{
    public static string Run(string[] arguments)
    {
        var before = GlobalState();
        var alone = new[] { Train(1), Train(2) };
        var rounds = Scenario.Rounds(20);
        for (var round = 0; round < rounds; round++)
        {
            Threads.OnThreads(2, thread =>
                Scenario.Require(Train(thread + 1).AsSpan().SequenceEqual(alone[thread]),
                    $"Training {thread + 1} gave another model beside another training than alone."));
        }
        var after = GlobalState();
        Scenario.Require(before == after, $"Global state was {before} and is {after}.");
        return $"{rounds} times two trainings at once, the same bytes as alone, global state unchanged ({get_num_threads()} threads of "
            + "libtorch):";
    }

    private static byte[] Train(int seed)
    {
        using var model = Clusters.Train(new MLContext(seed), seed, rows: 1000, units: 64, randomFeatures: 256);
        return model.Model.Onnx.ToArray();
    }

    private static string GlobalState()
    {
        using var random = get_rng_state();
        var state = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(random.data<byte>().ToArray()));
        return $"{state[..16]} {get_num_threads()} {is_grad_enabled()} {CultureInfo.CurrentCulture.Name} "
            + $"{CultureInfo.DefaultThreadCurrentCulture?.Name} {Environment.CurrentDirectory}";
    }
}
