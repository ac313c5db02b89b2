namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>How many threads OpenMP gives to an operator, and whether they spin or sleep between operators.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Variables">The environment variables that say so, the same for every contender.</param>
internal sealed record ThreadSetting(string Name, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>Fast on an idle machine, ruinous on a busy one.</summary>
    public static readonly ThreadSetting Spinning =
        new("2, spinning", new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "2", ["OMP_WAIT_POLICY"] = "ACTIVE" });

    public static readonly ThreadSetting Sleeping =
        new("2, sleeping", new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "2", ["OMP_WAIT_POLICY"] = "PASSIVE" });

    public static readonly ThreadSetting One = new("1", new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" });

    public static readonly IReadOnlyList<ThreadSetting> All = [Spinning, Sleeping, One];
}
