using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace MLNet.Sngp.Tool.Reporting;

/// <summary>What a command found: named values and tables, shown to a person, as lines with tabs in a pipe, or as JSON.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Adds a value; <see langword="null"/> is left out.</summary>
    public Report Add(string name, object? value)
    {
        if (value != null)
            _values[name] = value;
        return this;
    }

    /// <summary>Adds a table with a row for each item.</summary>
    public Report AddTable(string name, IEnumerable<IReadOnlyDictionary<string, object?>> rows) => Add(name, rows.ToList());

    public void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(_values, Json));
            return;
        }
        foreach (var (name, value) in _values)
        {
            if (value is not List<IReadOnlyDictionary<string, object?>> rows)
                terminal.Output.WriteLine(terminal.ShowsTables ? $"{name,-28} {Text(value)}" : $"{name}\t{Text(value)}");
            else if (terminal.ShowsTables)
                Draw(terminal, name, rows);
            else
                WriteLines(terminal, name, rows);
        }
    }

    private static void WriteLines(Terminal terminal, string name, List<IReadOnlyDictionary<string, object?>> rows)
    {
        foreach (var row in rows)
            terminal.Output.WriteLine(name + "\t" + string.Join('\t', row.Values.Select(Text)));
    }

    private static void Draw(Terminal terminal, string name, List<IReadOnlyDictionary<string, object?>> rows)
    {
        if (rows.Count == 0)
            return;
        var table = new Table().RoundedBorder().Title(Markup.Escape(name));
        foreach (var header in rows[0].Keys)
            table.AddColumn(Markup.Escape(header));
        foreach (var row in rows)
            table.AddRow([.. row.Values.Select(value => Markup.Escape(Text(value)))]);
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Output) }).Write(table);
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("0.#####", CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable<string> list => string.Join(", ", list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
