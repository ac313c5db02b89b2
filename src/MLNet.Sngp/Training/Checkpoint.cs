using System.Globalization;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>The state of one network's training at the end of an epoch, in a file. With it a training goes on as if it had never been
/// interrupted.</summary>
/// <remarks>An epoch's random numbers depend on the seed and the epoch alone, so no generator is kept. Not thread-safe.</remarks>
internal sealed class Checkpoint
{
    private const string EpochName = "epoch";
    private const string StepName = "optimizer.step";
    private const string ChoicePrefix = "chosen.";
    private const string BestPrefix = "best.";
    private const string BestEpochName = "best.epoch";
    private const string BestLossName = "best.loss";
    private const string PriorName = "posterior.prior";
    private const string PosteriorRowsName = "posterior.rows";
    private readonly CheckpointPlace _place;
    private CheckpointContent? _content;

    private Checkpoint(CheckpointPlace place, CheckpointContent? content)
    {
        _place = place;
        _content = content;
        Epoch = content is null ? 0 : checked((int)content.Get<long>(EpochName));
        if (content != null && Epoch < 1)
            throw new InvalidDataException(FormattableString.Invariant($"it is of epoch {Epoch}"));
    }

    /// <summary>The number of epochs that were done when the file was written; 0 without a file.</summary>
    public int Epoch { get; }

    /// <summary>A number that the training chose; null without a file.</summary>
    public double? Number(string name) => _content is { } content ? Guarded(Path, () => content.Get<double>(ChoicePrefix + name)) : null;

    public string Path => _place.Path;

    /// <summary>Reads the file of a training if there is one.</summary>
    /// <exception cref="InvalidDataException">The file is no whole checkpoint.</exception>
    /// <exception cref="InvalidOperationException">The file is of another training.</exception>
    public static Checkpoint? Open(CheckpointPlace? place, TrainingOptions options)
    {
        if (place is null)
            return null;
        CheckpointFile.ThrowIfNotWritable(place.Path);
        if (!File.Exists(place.Path))
            return new Checkpoint(place, null);
        var content = CheckpointFile.Read(place.Path);
        ThrowIfOfAnother(place, content);
        var checkpoint = Guarded(place.Path, () => new Checkpoint(place, content));
        if (checkpoint.Epoch > options.Epochs)
            throw Foreign(place.Path, FormattableString.Invariant(
                $"it is {checkpoint.Epoch} epochs long and {nameof(options.NumberOfEpochs)} is {options.Epochs}"));
        return checkpoint;
    }

    /// <summary>The seed of the training that a file, or the file of an ensemble's member, is of; null without a file.</summary>
    /// <exception cref="InvalidDataException">The file is no whole checkpoint.</exception>
    public static int? SeedIn(string path, int? numberOfMembers)
    {
        var files = numberOfMembers is { } count
            ? Enumerable.Range(1, count).Select(member => CheckpointPlace.PathOf(path, member))
            : [path];
        if (files.FirstOrDefault(File.Exists) is not { } file)
            return null;
        var text = Guarded(file, () => CheckpointFile.Read(file).Get<string>(CheckpointPlace.Prefix + CheckpointPlace.Seed));
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw CheckpointFile.Unusable(file, "its seed is no number");
    }

    /// <summary>Gives the training the state of the file, and forgets it.</summary>
    /// <exception cref="InvalidDataException">The file does not hold the state of such a network.</exception>
    public void Restore(Network network, Optimizer optimizer, EarlyStopping? stopping, LaplacePosterior? posterior)
    {
        if (_content is not { } content)
            return;
        Guarded(Path, () =>
        {
            foreach (var (name, tensor) in Tensors(network, optimizer, stopping, posterior))
                Fill(tensor, content, name);
            optimizer.Step = Count(content, StepName, long.MaxValue);
            stopping?.Restore(Epoch, (int)Count(content, BestEpochName, Epoch), Finite(content, BestLossName));
            posterior?.Restore(Finite(content, PriorName), Count(content, PosteriorRowsName, long.MaxValue));
            return true;
        });
        _content = null;
    }

    /// <summary>Whether the file is due after an epoch.</summary>
    public bool IsDue(int epoch, bool isLast) => isLast || epoch % _place.Every == 0;

    /// <summary>Writes the state after an epoch.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(int epoch, Network network, Optimizer optimizer, EarlyStopping? stopping, LaplacePosterior? posterior)
    {
        var content = new CheckpointContent();
        foreach (var (name, value) in _place.Identity)
            content.Set(CheckpointPlace.Prefix + name, value);
        content.Set(EpochName, (long)epoch);
        content.Set(StepName, optimizer.Step);
        foreach (var (name, value) in network.Head.Choices)
            content.Set(ChoicePrefix + name, value);
        if (stopping != null)
        {
            content.Set(BestEpochName, (long)stopping.BestEpoch);
            content.Set(BestLossName, stopping.BestLoss);
        }
        if (posterior != null)
        {
            content.Set(PriorName, posterior.Prior);
            content.Set(PosteriorRowsName, posterior.NumberOfRows);
        }
        foreach (var (name, tensor) in Tensors(network, optimizer, stopping, posterior))
            content.Set(name, Values(tensor));
        CheckpointFile.Write(Path, content);
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(
        Network network, Optimizer optimizer, EarlyStopping? stopping, LaplacePosterior? posterior)
    {
        foreach (var part in network.State)
            yield return part;
        foreach (var part in optimizer.State)
            yield return part;
        foreach (var (name, tensor) in stopping?.Best ?? [])
            yield return (BestPrefix + name, tensor);
        for (var k = 0L; k < posterior?.Sum.shape[0]; k++)
        {
            using var sum = posterior.Sum.select(0, k);
            yield return (FormattableString.Invariant($"posterior.{k}"), sum);
        }
    }

    private static long Count(CheckpointContent content, string name, long maximum) =>
        content.Get<long>(name) is var count && count >= 1 && count <= maximum
            ? count
            : throw new InvalidDataException(FormattableString.Invariant($"its '{name}' is {count}"));

    private static double Finite(CheckpointContent content, string name) =>
        content.Get<double>(name) is var number && number >= 0 && double.IsFinite(number)
            ? number
            : throw new InvalidDataException(FormattableString.Invariant($"its '{name}' is {number}"));

    // Whole numbers, such as counts of batches, are exact in double precision.
    private static Array Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        return values.dtype == ScalarType.Float32 ? values.data<float>().ToArray() : values.to(ScalarType.Float64).data<double>().ToArray();
    }

    private static void Fill(Tensor target, CheckpointContent content, string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Array values = target.dtype == ScalarType.Float32 ? content.Get<float[]>(name) : content.Get<double[]>(name);
        if (values.LongLength != target.NumberOfElements)
            throw new InvalidDataException(FormattableString.Invariant(
                $"its '{name}' has {values.LongLength} values where the network has {target.NumberOfElements}"));
        if (!(values is double[] exact ? Array.TrueForAll(exact, double.IsFinite) : Array.TrueForAll((float[])values, float.IsFinite)))
            throw new InvalidDataException($"its '{name}' has values that are not finite");
        target.copy_(values is double[] doubles ? NativeTensor.Of(doubles, target.shape, target.device) : NativeTensor.Of(
            (float[])values, target.shape, target.device));
    }

    private static void ThrowIfOfAnother(CheckpointPlace place, CheckpointContent content)
    {
        var differences = place.Identity
            .Select(entry => (entry.Key, Here: entry.Value,
            There: Guarded(place.Path, () => content.Has(CheckpointPlace.Prefix + entry.Key) ? content.Get<string>(
            CheckpointPlace.Prefix + entry.Key) : "missing")))
            .Where(entry => entry.Here != entry.There)
            .Select(entry => CheckpointPlace.Hashed.Contains(entry.Key)
            ? $"{entry.Key} differ"
            : $"{entry.Key} is {Show(entry.There)} there and {Show(entry.Here)} here")
            .ToList();
        if (differences.Count > 0)
            throw Foreign(place.Path, string.Join("; ", differences));
    }

    private static string Show(string value) => value.Length == 0 ? "null" : value;

    private static InvalidOperationException Foreign(string path, string reason) =>
        new($"The checkpoint '{path}' is of another training: {reason}. Delete the file to train anew, set another "
            + $"{nameof(TrainingOptions.CheckpointPath)}, or train with what it was written with.");

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is OverflowException || (
            exception is InvalidDataException && !exception.Message.Contains(path, StringComparison.Ordinal)))
        {
            throw CheckpointFile.Unusable(path, exception.Message, exception);
        }
    }
}
