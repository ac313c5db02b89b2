namespace MLNet.Sngp.Training;

/// <summary>What a training decided that its options left open; kept in the model's metadata.</summary>
/// <param name="Seed">The seed used.</param>
/// <param name="Choices">Numbers that were chosen, by name.</param>
/// <param name="Jitter">What was added to the diagonal of the posterior precision to factor it; null where there is none.</param>
/// <param name="BestEpoch">The epoch whose weights the validation loss chose; null without validation.</param>
internal sealed record TrainedValues(int Seed, IEnumerable<(string Name, double Value)> Choices, double? Jitter, int? BestEpoch)
{
    /// <summary>The 95 % quantile of σ² over the training rows; null without a posterior.</summary>
    public double? VarianceReference { get; init; }

    /// <summary>ν, the variance of the noise in squared standard deviations of the label; null where there is none.</summary>
    public double? Noise { get; init; }

    /// <summary>Those of an ensemble, whose members decided each for itself.</summary>
    public static TrainedValues OfEnsemble(int seed) => new(seed, [], null, null);
}
