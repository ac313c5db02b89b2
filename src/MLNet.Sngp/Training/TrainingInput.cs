using MLNet.Sngp.Data;

namespace MLNet.Sngp.Training;

/// <summary>What a model is trained on.</summary>
/// <param name="Rows">The rows; several trainings may share them.</param>
/// <param name="Labels">The classes in the order of their keys.</param>
/// <param name="Seed">Fixes all randomness of the training.</param>
internal sealed record TrainingInput(RowSource Rows, ClassLabels Labels, int Seed)
{
    /// <summary>Rows to measure the validation loss on; null for none.</summary>
    public RowSource? Validation { get; init; }

    /// <summary>Where the training keeps its state; null for nowhere.</summary>
    public CheckpointPlace? Checkpoint { get; init; }

    /// <summary>Which member of an ensemble is trained, from 1; null for a network of its own.</summary>
    public int? Member { get; init; }

    /// <summary>Tells when to stop.</summary>
    public TrainingStop? Stop { get; init; }

    /// <summary>The sizes of the network that the options ask for.</summary>
    public Modules.NetworkShape ShapeOf(NetworkTrainerOptions options) =>
        new(Rows.NumberOfFeatures, options.NumberOfHiddenLayers, options.NumberOfHiddenUnits, Rows.NumberOfClasses);
}
