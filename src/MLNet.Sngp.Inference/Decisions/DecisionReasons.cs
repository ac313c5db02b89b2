namespace MLNet.Sngp;

/// <summary>Why a row is handed over: the keys of a column of <see cref="ColumnKind.Reason"/>.</summary>
internal static class DecisionReasons
{
    public const long None = 0, Novel = 1, Undecided = 2, Invalid = 3;

    /// <summary>In the order of the keys.</summary>
    public static readonly ClassLabels Labels = ClassLabels.Of(nameof(Novel), nameof(Undecided), nameof(Invalid));
}
