namespace MLNet.Sngp.Training;

/// <summary>What a training decided that its options left open; kept in the model's metadata.</summary>
/// <param name="Seed">The seed used.</param>
/// <param name="Choices">Numbers that were chosen, by name.</param>
/// <param name="Jitter">What was added to the diagonal of the posterior precision to factor it; null where there is none.</param>
/// <param name="BestEpoch">The epoch whose weights the validation loss chose; null without validation.</param>
internal sealed record TrainedValues(int Seed, IEnumerable<(string Name, double Value)> Choices, double? Jitter, int? BestEpoch)
{
    /// <summary>The 95 % quantile of the column <c>Variance</c> over the training rows; null without a posterior.</summary>
    public double? VarianceReference { get; init; }

    /// <summary>The variance of the label about its mean, in its squared units; null where there is none.</summary>
    public double? NoiseVariance { get; init; }

    /// <summary>Those of an ensemble, whose members decided each for itself.</summary>
    public static TrainedValues OfEnsemble(int seed) => new(seed, [], null, null);
}
