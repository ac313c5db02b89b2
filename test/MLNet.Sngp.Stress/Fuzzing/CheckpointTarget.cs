using System.Buffers.Binary;
using System.Security.Cryptography;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>What a checkpoint may do: be refused with one of two exceptions that name the file, or give a network finite weights.</summary>
internal static class CheckpointTarget
{
    private const int HeaderLength = 20;
    private static readonly string File =
        Path.Combine(Path.GetTempPath(), FormattableString.Invariant($"sngp-fuzz-{Environment.ProcessId}.checkpoint"));

    /// <summary>Half of the changes are sealed again with a right length and checksum, so that they reach the content.</summary>
    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        if (random.Next(2) == 0)
            return ByteMutator.Mutate(bytes, other, random);
        var content = ByteMutator.Mutate(bytes[HeaderLength..^SHA256.HashSizeInBytes], other, random);
        byte[] file = [.. bytes[..HeaderLength], .. content];
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(HeaderLength - sizeof(long)), content.Length);
        return [.. file, .. SHA256.HashData(file)];
    }

    public static IReadOnlyList<(string Name, byte[] Bytes)> Seeds() =>
    [
        ("plain", Make(CovarianceGathering.AfterTraining, isValidated: false)),
        ("momentum", Make(CovarianceGathering.Momentum, isValidated: false)),
        ("validated", Make(CovarianceGathering.AfterTraining, isValidated: true)),
    ];

    /// <returns>Whether the checkpoint was taken.</returns>
    public static bool Try(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        if (!IsTaken(() => Checkpoint.SeedIn(File, null)))
            return false;
        // A file tells by what it holds which of the networks it is of.
        foreach (var (gathering, isValidated) in (
            (CovarianceGathering, bool)[])[(CovarianceGathering.AfterTraining, false), (CovarianceGathering.Momentum, false),
            (CovarianceGathering.AfterTraining, true)])
        {
            using var scope = torch.NewDisposeScope();
            using var training = new Tiny(gathering, isValidated);
            if (!IsTaken(training.Restore))
                continue;
            Require(training.IsFinite, "The weights are not finite.");
            return true;
        }
        return false;
    }

    private static bool IsTaken(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException || (
            exception is InvalidOperationException && exception.Message.Contains("another training", StringComparison.Ordinal)))
        {
            Require(exception.Message.Contains(File, StringComparison.Ordinal), $"The message does not name the file: {exception.Message}");
            return false;
        }
    }

    private static void Require(bool isTrue, string otherwise)
    {
        if (!isTrue)
            throw new InvalidOperationException(otherwise);
    }

    private static byte[] Make(CovarianceGathering gathering, bool isValidated)
    {
        System.IO.File.Delete(File);
        using var scope = torch.NewDisposeScope();
        using var training = new Tiny(gathering, isValidated);
        training.Save();
        return System.IO.File.ReadAllBytes(File);
    }

    /// <summary>A network of a few dozen weights between two epochs.</summary>
    private sealed class Tiny : IDisposable
    {
        private readonly DisposeScope _scope = torch.NewDisposeScope();
        private readonly SngpOptions _options;
        private readonly Network _network;
        private readonly Adam _adam;
        private readonly EarlyStopping? _stopping;
        private readonly LaplacePosterior? _posterior;
        private readonly CheckpointPlace _place;

        public Tiny(CovarianceGathering gathering, bool isValidated)
        {
            _options = new SngpOptions
            {
                Seed = 1,
                Backbone = new ResidualMlp { NumberOfHiddenLayers = 1, NumberOfHiddenUnits = 3 },
                GaussianProcess = { NumberOfRandomFeatures = 4, KernelScale = 1 },
                Posterior =
                { CovarianceGathering = gathering, CovarianceMomentum = gathering == CovarianceGathering.Momentum ? 0.9 : null },
                Training = { CheckpointPath = File, Device = TrainingDevice.Cpu },
            };
            var rows = new TrainingTable(2, false, 4);
            for (var row = 0; row < 4; row++)
            {
                rows.NextRow().Fill(row);
                rows.Keep(row % 2, 1);
            }
            var input = new TrainingInput(rows, Categorical.Instance, ClassLabels.Of("a", "b"), [2], 1);
            _network = Network.Create(_options, Categorical.Instance, [2], 2, 1, torch.CPU, _ => 1);
            _adam = new Adam(_network.Parameters, _options.Training.LearningRate);
            _stopping = isValidated ? new EarlyStopping(_network, rows, _options.Training) : null;
            _posterior = gathering == CovarianceGathering.Momentum ? new LaplacePosterior(4, 1, torch.CPU, 1, 0.9) : null;
            _place = CheckpointPlace.Create(
                nameof(Tiny), _options, input, File, RowFingerprint.Of(rows, CancellationToken.None), CancellationToken.None);
        }

        public bool IsFinite => _network.Parameters.Values.isfinite().all().item<bool>();

        public void Save()
        {
            _adam.Step = 3;
            _posterior?.Add(torch.ones(2, 4), weights: null);
            _stopping?.Measure(1);
            Checkpoint.Open(_place, _options.Training)!.Save(1, _network, _adam, _stopping, _posterior);
        }

        public void Restore()
        {
            var checkpoint = Checkpoint.Open(_place, _options.Training)!;
            Require(checkpoint.Epoch is >= 1 and <= 100, "The epoch is out of range.");
            checkpoint.Restore(_network, _adam, _stopping, _posterior);
        }

        public void Dispose()
        {
            _network.Dispose();
            _scope.Dispose();
        }
    }
}
