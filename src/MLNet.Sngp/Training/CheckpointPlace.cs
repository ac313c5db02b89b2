using System.Globalization;
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
    public const string Seed = nameof(SngpOptions.Seed);

    /// <summary>Before the names of the identity in a file.</summary>
    public const string Prefix = "training.";

    /// <summary>Entries whose values say nothing to a reader.</summary>
    public static readonly IReadOnlyList<string> Hashed = ["Classes", "TrainingRows", "ValidationRows"];

    // These change neither an epoch nor a member's training; Device is told as what it came to.
    private static readonly string[] NotIdentity =
    [
        nameof(TrainingOptions.Progress), nameof(TrainingOptions.CancellationToken), nameof(TrainingOptions.CheckpointPath),
        nameof(TrainingOptions.CheckpointEvery), nameof(TrainingOptions.NumberOfEpochs), nameof(TrainingOptions.Device), Seed,
        nameof(SngpOptions.NumberOfMembers), nameof(SngpOptions.Backbone), nameof(SngpOptions.Confidence),
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
    public static CheckpointPlace Create(
        string trainer, SngpOptions options, TrainingInput input, string path, string table, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> identity =
        [
            new("Trainer", trainer),
            new("LibraryVersion", typeof(CheckpointPlace).Assembly.GetName().Version?.ToString() ?? ""),
            new(nameof(TrainingOptions.Device), TorchDevice.Of(options.Training.Device).type.ToString()),
            new(Seed, Text(input.Seed)),
        ];
        identity.AddRange(OptionReader.Used(options, input.Likelihood).Where(option => !NotIdentity.Contains(option.Name)).OrderBy(
            option => option.Path, StringComparer.Ordinal)
            .Select(option => new KeyValuePair<string, string>(option.Name, Text(option.Value))));
        identity.Add(new(nameof(options.Backbone), options.Backbone.Identity));
        if (options.Training.LearningRateSchedule != LearningRateSchedule.Constant
            || (options.Head == NetworkHead.GaussianProcess && options.Posterior.CovarianceGathering == CovarianceGathering.LastEpoch))
            identity.Add(new(nameof(TrainingOptions.NumberOfEpochs), Text(options.Training.NumberOfEpochs)));
        if (options.Training.NumberOfEpochs is null)
            identity.Add(new(nameof(AutomaticLength), "true"));
        identity.Add(new("NumberOfRows", Text(input.Rows.NumberOfRows)));
        identity.Add(new("NumberOfFeatures", string.Join(" by ", input.RowShape.Select(size => Text(size)))));
        identity.Add(new("Classes", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(input.Classes?.ToJson() ?? "")))));
        identity.Add(new("TrainingRows", table));
        // The table and the options fix the rows that are kept for validation.
        identity.Add(new(
            "ValidationRows", input.Validation is null || options.Training.ValidationFraction != null
            ? ""
            : RowFingerprint.Of(input.Validation, cancellation)));
        // The current folder may change while the training runs.
        return new CheckpointPlace(System.IO.Path.GetFullPath(path), options.Training.CheckpointEvery, identity);
    }

    /// <summary>The place of a member of an ensemble.</summary>
    /// <param name="number">From 1.</param>
    public CheckpointPlace OfMember(int number) =>
        this with { Path = PathOf(Path, number), Identity = [.. Identity, new("Member", Text(number))] };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
