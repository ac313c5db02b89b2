namespace MLNet.Sngp.Tool.Tables;

/// <summary>A row that cannot be used.</summary>
/// <param name="Line">Its line in the file, from 1; <see langword="null"/> where the file has none.</param>
/// <param name="Column">The column at fault, or empty.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Content">The row.</param>
internal sealed record RejectedRow(long? Line, string Column, string Reason, string Content)
{
    public string Where => (Line is { } line ? FormattableString.Invariant($", line {line}") : "")
        + (Column.Length > 0 ? $", column '{Column}'" : "");
}
