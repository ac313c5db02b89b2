namespace MLNet.Sngp.Data;

/// <summary>The rows of a training table, to be gone through as often as a training needs.</summary>
/// <remarks>Its rows do not change once it is made: several trainings may read it at once, each through passes of its own.</remarks>
internal abstract class RowSource
{
    protected RowSource(int numberOfFeatures, bool hasWeights)
    {
        NumberOfFeatures = numberOfFeatures;
        HasWeights = hasWeights;
    }

    /// <summary>d.</summary>
    public int NumberOfFeatures { get; }

    /// <summary>Whether rows carry example weights; otherwise all weigh 1.</summary>
    public bool HasWeights { get; }

    /// <summary>n.</summary>
    public abstract long NumberOfRows { get; }

    /// <summary>Whether passes share one copy of the rows; otherwise each takes memory of its own and reads the table anew.</summary>
    public abstract bool IsInMemory { get; }

    /// <summary>All rows in the table's order.</summary>
    public abstract RowPass InOrder();

    /// <summary>All rows in a random order, which the seed and the epoch fix.</summary>
    public abstract RowPass Shuffled(int seed, int epoch);

    /// <summary>Up to <paramref name="count"/> different rows, which the seed chooses.</summary>
    public abstract RowPass Sample(int count, int seed);
}
