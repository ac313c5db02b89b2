namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>What the number of a <see cref="Goal"/> bounds.</summary>
internal enum GoalKind
{
    /// <summary>The ratio of the speeds, ours to the other's, from below.</summary>
    AtLeastAsFast,

    /// <summary>The ratio of the times, ours to the other's, from above.</summary>
    AtMostAsSlow,

    /// <summary>Our own figure, from above.</summary>
    AtMost,
}
