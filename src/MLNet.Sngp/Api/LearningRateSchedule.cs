namespace MLNet.Sngp;

/// <summary>How the learning rate changes during a training, of which t is the share that is done.</summary>
public enum LearningRateSchedule
{
    /// <summary>From <see cref="TrainingOptions.LearningRate"/> in the first step down to 0 after the last, on a straight line: 1 −
    /// t.</summary>
    LinearDecay,

    /// <summary>The same in every step: the tutorial's.</summary>
    Constant,

    /// <summary>From <see cref="TrainingOptions.LearningRate"/> down to 0 on half a cosine: (1 + cos πt)/2.</summary>
    /// <remarks>Loshchilov and Hutter, "SGDR", arXiv 1608.03983, without restarts.</remarks>
    Cosine,

    /// <summary>A fifth of what it was after 30 %, 60 % and 80 % of the training: 0.2, 0.04, 0.008.</summary>
    /// <remarks>Zagoruyko and Komodakis, "Wide Residual Networks", arXiv 1605.07146: after 60, 120 and 160 of 200 epochs.</remarks>
    StepDecay,
}
