namespace MLNet.Sngp;

/// <summary>How the learning rate changes during a training.</summary>
public enum LearningRateSchedule
{
    /// <summary>From <see cref="TrainingOptions.LearningRate"/> in the first step down to 0 after the last, on a straight line.</summary>
    LinearDecay,

    /// <summary>The same in every step: the tutorial's.</summary>
    Constant,
}
