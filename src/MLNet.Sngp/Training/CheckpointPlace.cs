using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Training;

/// <summary>Where a training keeps its checkpoint, and what tells this training from others.</summary>
/// <param name="Path">The file.</param>
/// <param name="Every">After how many epochs it is written.</param>
/// <param name="Identity">Names and values that must be the same for a checkpoint to be of this training.</param>
internal sealed record CheckpointPlace(string Path, int Every, IReadOnlyList<KeyValuePair<string, string>> Identity)
{
    /// <summary>The entry that holds the seed of the training, for ensembles that of the ensemble.</summary>
    public const string Seed = nameof(NetworkTrainerOptions.Seed);

    /// <summary>Before the names of the identity in a file.</summary>
    public const string Prefix = "training.";

    /// <summary>Entries whose values say nothing to a reader.</summary>
    public static readonly IReadOnlyList<string> Hashed = ["Classes", "TrainingRows", "ValidationRows"];

    // These change neither an epoch nor a member's training; Device is told as what it came to.
    private static readonly string[] NotIdentity =
    [
        nameof(NetworkTrainerOptions.Progress), nameof(NetworkTrainerOptions.CancellationToken), nameof(NetworkTrainerOptions.CheckpointPath),
        nameof(NetworkTrainerOptions.CheckpointEvery), nameof(NetworkTrainerOptions.NumberOfEpochs), nameof(NetworkTrainerOptions.Device), Seed,
        nameof(DeepEnsembleTrainer.Options.NumberOfMembers),
    ];

    /// <summary>The path of a training, or of an ensemble's member.</summary>
    public static string PathOf(string path, int? member) =>
        member is { } number ? FormattableString.Invariant($"{path}.{number}") : path;

    /// <summary>The path of all trainings on a table: parts of another one, such as the folds of a cross-validation, must not meet in one
    /// file.</summary>
    /// <param name="path">What the options say.</param>
    /// <param name="table">The table's fingerprint.</param>
    public static string PathOf(string path, string table) => $"{path}.{table[..16].ToLowerInvariant()}";

    /// <param name="trainer">The trainer's name.</param>
    /// <param name="options">The options.</param>
    /// <param name="input">The rows, the classes and the seed.</param>
    /// <param name="path">The file.</param>
    /// <param name="table">The fingerprint of the whole training table, those rows that the options keep for validation included.</param>
    /// <param name="cancellation">Stops the reading of the rows.</param>
    public static CheckpointPlace Create(string trainer, NetworkTrainerOptions options, TrainingInput input, string path, string table, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> identity =
        [
            new("Trainer", trainer),
            new("LibraryVersion", typeof(CheckpointPlace).Assembly.GetName().Version?.ToString() ?? ""),
            new(nameof(options.Device), TorchDevice.Of(options.Device).type.ToString()),
            new(Seed, Text(input.Seed)),
        ];
        foreach (var option in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(option => option.Name, StringComparer.Ordinal))
        {
            if (!NotIdentity.Contains(option.Name))
                identity.Add(new(option.Name, Text(option.GetValue(options))));
        }
        if (options is SngpTrainer.Options { CovarianceGathering: CovarianceGathering.LastEpoch })
            identity.Add(new(nameof(options.NumberOfEpochs), Text(options.NumberOfEpochs)));
        identity.Add(new("NumberOfRows", Text(input.Rows.NumberOfRows)));
        identity.Add(new("NumberOfFeatures", Text(input.Rows.NumberOfFeatures)));
        identity.Add(new("Classes", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(input.Labels.ToJson())))));
        identity.Add(new("TrainingRows", table));
        // The table and the options fix the rows that are kept for validation.
        identity.Add(new("ValidationRows", input.Validation is null || options.ValidationFraction != null ? "" : RowFingerprint.Of(input.Validation, cancellation)));
        // The current folder may change while the training runs.
        return new CheckpointPlace(System.IO.Path.GetFullPath(path), options.CheckpointEvery, identity);
    }

    /// <summary>The place of a member of an ensemble.</summary>
    /// <param name="number">From 1.</param>
    public CheckpointPlace OfMember(int number) =>
        this with { Path = PathOf(Path, number), Identity = [.. Identity, new("Member", Text(number))] };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
