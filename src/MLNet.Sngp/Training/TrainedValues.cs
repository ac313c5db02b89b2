namespace MLNet.Sngp.Training;

/// <summary>What a training decided that its options left open; kept in the model's metadata.</summary>
/// <param name="Seed">The seed used.</param>
/// <param name="KernelScale">The kernel scale used; null where there is none, or one for each member.</param>
/// <param name="Jitter">What was added to the diagonal of the posterior precision to factor it; null where there is none, or one for each
/// member.</param>
/// <param name="BestEpoch">The epoch whose weights the validation loss chose; null without validation, or one for each member.</param>
internal sealed record TrainedValues(int Seed, double? KernelScale = null, double? Jitter = null, int? BestEpoch = null);
