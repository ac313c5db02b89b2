using System.Globalization;
using System.Text.Json;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Tool;

namespace MLNet.Sngp.Tests.Tool;

/// <summary>What a command of <c>sngp</c> ended with and wrote.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static ToolRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static ToolRun Of(CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var code = SngpTool.RunAsync(arguments, output, error, cancellation).GetAwaiter().GetResult();
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Two hundred rows in which <c>side</c> says what <c>kind</c> is and <c>size</c> is twice <c>x</c>; some lack <c>x</c>, and
    /// <c>id</c> is never twice the same.
    /// </summary>
    public static string WriteTable(TemporaryFolder folder, string name = "table.csv", string delimiter = ",", int rows = 200)
    {
        var lines = Enumerable.Range(0, rows).Select(i => string.Join(delimiter,
            $"row{i:000}", i % 10 == 7 ? "" : (i % 20 / 10.0).ToString(CultureInfo.InvariantCulture), i % 2 == 0 ? "left" : "right",
            $"2024-01-{1 + (i % 28):00}", (i % 20 / 5.0).ToString(CultureInfo.InvariantCulture), i % 2 == 0 ? "a" : "b"));
        var path = folder.File(name);
        File.WriteAllLines(path, lines.Prepend(string.Join(delimiter, "id", "x", "side", "day", "size", "kind")));
        return path;
    }
}
