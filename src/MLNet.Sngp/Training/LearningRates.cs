namespace MLNet.Sngp.Training;

/// <summary>The schedules of the learning rate.</summary>
internal static class LearningRates
{
    private const double StepFactor = 0.2;
    private static readonly double[] Drops = [0.3, 0.6, 0.8];

    /// <summary>What share of the learning rate a step takes.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="step">The steps that are done, from 0.</param>
    /// <param name="steps">Those of the whole training.</param>
    /// <param name="warmUp">In how many steps the rate rises to what the schedule says.</param>
    public static double Share(LearningRateSchedule schedule, long step, long steps, long warmUp = 0) =>
        Share(schedule, (double)step / steps) * Math.Min(1, (step + 1.0) / Math.Max(1, warmUp));

    /// <summary>The mean share over a training.</summary>
    public static double Mean(LearningRateSchedule schedule) => schedule switch
    {
        LearningRateSchedule.LinearDecay or LearningRateSchedule.Cosine => 0.5,
        LearningRateSchedule.StepDecay => Drops.Append(1).Zip(Drops.Prepend(0)).Select(
            (part, drop) => (part.First - part.Second) * Math.Pow(StepFactor, drop)).Sum(),
        _ => 1,
    };

    private static double Share(LearningRateSchedule schedule, double done) => schedule switch
    {
        LearningRateSchedule.LinearDecay => 1 - done,
        LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * done)) / 2,
        LearningRateSchedule.StepDecay => Math.Pow(StepFactor, Drops.Count(drop => done >= drop)),
        _ => 1,
    };
}
