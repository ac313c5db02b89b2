using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

/// <summary>What every trainer of this library can be told: columns, network, training.</summary>
/// <remarks>Trainers copy their options when they are constructed; later changes have no effect.</remarks>
public abstract class NetworkTrainerOptions
{
    private protected NetworkTrainerOptions()
    {
    }

    /// <summary>The label column: a key of type <see cref="uint"/>, one key value per class; for binary trainers a <see cref="bool"/>.</summary>
    /// <value>The default is <c>Label</c>.</value>
    [Required]
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The feature column: a vector of <see cref="float"/> of known size, centred and scaled.</summary>
    /// <value>The default is <c>Features</c>.</value>
    [Required]
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column of example weights, a <see cref="float"/> of at least 0; null weighs all rows alike.</summary>
    /// <remarks>A weight multiplies the row's loss and its part of the posterior precision.</remarks>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The number of residual hidden layers.</summary>
    /// <value>The default is 6, the tutorial's.</value>
    [Range(1, 1000)]
    public int NumberOfHiddenLayers { get; set; } = 6;

    /// <summary>The width of every hidden layer, in units.</summary>
    /// <value>The default is 128, the tutorial's.</value>
    [Range(1, 65536)]
    public int NumberOfHiddenUnits { get; set; } = 128;

    /// <summary>The probability that a unit of a residual branch is dropped in a training step; from 0 to below 1.</summary>
    /// <remarks>Kept to a multiple of 2⁻¹⁶.</remarks>
    /// <value>The default is 0.1, the tutorial's.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double DropoutRate { get; set; } = 0.1;

    /// <summary>How many times training goes through all rows.</summary>
    /// <value>The default is 100, the tutorial's.</value>
    [Range(1, 1_000_000)]
    public int NumberOfEpochs { get; set; } = 100;

    /// <summary>The number of rows in an optimiser step; the last step of an epoch takes the rows that are left.</summary>
    /// <value>The default is 128, the tutorial's.</value>
    [Range(1, 1_000_000)]
    public int BatchSize { get; set; } = 128;

    /// <summary>The learning rate of Adam; above 0.</summary>
    /// <value>The default is 1e-3. The tutorial's 1e-4 leaves SNGP under-confident after 100 epochs.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>The most rows of the training table to keep in memory at a time, besides one batch; null keeps all. At least <see cref="BatchSize"/>.</summary>
    /// <remarks>
    /// A table of more rows is read again in every epoch and for every other pass, in its own order, through a shuffle buffer of
    /// this many rows. So it must give the same rows each time, and a table that is sorted, by class for instance, should
    /// be shuffled before: rows further apart than the buffer is long seldom meet in a step. The members of an ensemble are
    /// then trained one after another. A table of no more rows gives the same model as with <see langword="null"/>.
    /// </remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, int.MaxValue)]
    public int? MaximumRowsInMemory { get; set; }

    /// <summary>Fixes all randomness of the training; null draws a seed from the <c>MLContext</c>.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? Seed { get; set; }

    /// <summary>Where to train.</summary>
    /// <value>The default is <see cref="TrainingDevice.Auto"/>.</value>
    [EnumDataType(typeof(TrainingDevice))]
    public TrainingDevice Device { get; set; } = TrainingDevice.Auto;

    /// <summary>Is told after each epoch how far the training has come; called on a training thread, by one at a time.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops the training within one step, with <see cref="OperationCanceledException"/>.</summary>
    /// <value>The default is <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A sentence for each pair of options that cannot both be followed, with the reason.</summary>
    internal virtual IEnumerable<string> Contradictions()
    {
        if (MaximumRowsInMemory < BatchSize)
            yield return FormattableString.Invariant($"{nameof(MaximumRowsInMemory)} is {MaximumRowsInMemory} and {nameof(BatchSize)} is {BatchSize}; the rows of a training step must be in memory, so raise the first or lower the second.");
    }

    /// <exception cref="InvalidOperationException">The options do not fit a label with so many classes.</exception>
    internal virtual void ThrowIfUnfit(int numberOfClasses)
    {
    }

    /// <summary>A copy that later changes of this object do not reach.</summary>
    internal NetworkTrainerOptions Copy() => (NetworkTrainerOptions)MemberwiseClone();
}
