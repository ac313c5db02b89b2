using MLNet.Sngp.Data;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp.Training;

/// <summary>What a model is trained on.</summary>
/// <param name="Rows">The rows; several trainings may share them.</param>
/// <param name="Likelihood">What the labels are, and what the outputs say about them.</param>
/// <param name="Classes">The classes in the order of their numbers; null where labels are none.</param>
/// <param name="RowShape">The dimensions of a row of features.</param>
/// <param name="Seed">Fixes all randomness of the training.</param>
internal sealed record TrainingInput(RowSource Rows, Likelihood Likelihood, ClassLabels? Classes, long[] RowShape, int Seed)
{
    /// <summary>Rows to measure the validation loss on; null for none.</summary>
    public RowSource? Validation { get; init; }

    /// <summary>Whether the validation loss decides the length, as <see cref="AutomaticLength"/> has it.</summary>
    public bool HasAutomaticLength { get; init; }

    /// <summary>The validation loss of trainings of the same length on parts of the rows; null where there were none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The rows of the posterior; null for those that train.</summary>
    public RowSource? PosteriorRows { get; init; }

    /// <summary>Where the training keeps its state; null for nowhere.</summary>
    public CheckpointPlace? Checkpoint { get; init; }

    /// <summary>Which member of an ensemble is trained, from 1; null for a network of its own.</summary>
    public int? Member { get; init; }

    /// <summary>Tells when to stop.</summary>
    public TrainingStop? Stop { get; init; }

    /// <summary>The steps in an epoch, where the length is automatic; null otherwise.</summary>
    public long? AutomaticSteps(TrainingOptions options) => HasAutomaticLength ? options.StepsIn(Rows) : null;

    /// <summary>P.</summary>
    public int NumberOfOutputs => Likelihood.CountOutputs(Classes?.Count ?? 0);
}
