namespace MLNet.Sngp;

/// <summary>When the training rows are gathered into the posterior precision.</summary>
public enum CovarianceGathering
{
    /// <summary>In one pass after training: final weights, no dropout, every row exactly once.</summary>
    AfterTraining,

    /// <summary>
    /// During the training steps of the last epoch, as the tutorial does: each row once, with the weights of its step and with dropout.
    /// (The tutorial gathers in every epoch and throws the sums away when the next begins.)
    /// </summary>
    LastEpoch,

    /// <summary>
    /// During all training steps, with forgetting: P ← m·P + (1 − m)·S/B with S the step's sum over its B rows, from P = ridge·I;
    /// m is <see cref="PosteriorOptions.CovarianceMomentum"/>. P is then on the scale of one row, not of the whole table.
    /// </summary>
    Momentum,
}
