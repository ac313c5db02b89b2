namespace MLNet.Sngp.Decisions;

/// <summary>What is refused among the arguments of steps.</summary>
internal static class DecisionChecks
{
    /// <exception cref="ArgumentOutOfRangeException">The value is no share between 0 and 1.</exception>
    public static void Rate(double value, string name)
    {
        if (!(value is > 0 and < 1))
            throw new ArgumentOutOfRangeException(name, value, "A share above 0 and below 1 is needed.");
    }

    /// <summary>A copy.</summary>
    /// <exception cref="ArgumentException">There is none, one is empty, or one is there twice.</exception>
    public static IReadOnlyList<string>? Names(IReadOnlyList<string>? names)
    {
        if (names is null)
            return null;
        return names.Count > 0 && names.All(name => !string.IsNullOrEmpty(name)) && names.Distinct().Count() == names.Count
            ? [.. names]
            : throw new ArgumentException("Name at least one column, and each once, or pass null for the usual ones.", nameof(names));
    }
}
