namespace MLNet.Sngp.Tool.Tables;

/// <summary>Writes names and texts so that nothing in them is read as SQL.</summary>
internal static class Sql
{
    public static string Name(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
