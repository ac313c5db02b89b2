namespace MLNet.Sngp;

/// <summary>The one exception for a column that is not there, of the type that ML.NET's own trainers and transformers throw.</summary>
internal static class MissingColumn
{
    // Of a table of thousands of columns the first say enough.
    private const int MostNamed = 40;

    /// <param name="role">What the column is for, such as <c>label</c>.</param>
    /// <param name="name">The name that was looked for.</param>
    /// <param name="columns">The names of the columns that there are.</param>
    /// <param name="remedy">What to do, as sentences.</param>
    public static ArgumentOutOfRangeException Of(string role, string name, IReadOnlyCollection<string> columns, string remedy) =>
        new("input", $"The {role} column '{name}' is not in the input, whose columns are {List(columns)}. {remedy}");

    /// <summary>The names of columns, for a message.</summary>
    public static string List(IReadOnlyCollection<string> columns)
    {
        var more = columns.Count > MostNamed ? FormattableString.Invariant($" and {columns.Count - MostNamed} more") : "";
        return columns.Count == 0 ? "none" : string.Join(", ", columns.Take(MostNamed)) + more;
    }
}
