using System.Buffers;

namespace MLNet.Sngp.Tool.Tables;

/// <summary>Fields of CSV files, as RFC 4180 writes them.</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public static string Field(string text) => text.AsSpan().ContainsAny(Special)
        ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
}
