using System.Globalization;
using System.Text.Json;

namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>A classification table from a CSV file: numbers as they are, one column for each category, and the class.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Features">Row by row; NaN where a number is missing.</param>
/// <param name="Labels">The class of each row.</param>
internal sealed record CsvTable(string Name, float[][] Features, string[] Labels)
{
    // Smaller classes cannot be split.
    private const int FewestRowsOfAClass = 8;
    private const int MostClassesOfNumbers = 10;

    public int NumberOfClasses => Labels.Distinct().Count();

    /// <summary>Reads a file without a header, label last, unless <c>tables.json</c> beside it says otherwise.</summary>
    /// <returns>The table, or null when it is one for regression.</returns>
    public static CsvTable? Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var form = Form.Of(path, name);
        string[][] rows = [.. File.ReadLines(path).Skip(form.Header ? 1 : 0).Where(line => line.Trim().Length > 0)
            .Select(line => line.Split(form.Separator, StringSplitOptions.TrimEntries))];
        var label = form.Label ?? rows[0].Length - 1;
        var classes = rows.GroupBy(row => row[label]).Where(rows => rows.Count() >= FewestRowsOfAClass).Select(rows => rows.Key)
            .ToHashSet();
        if (form.Regression || (classes.All(IsNumber) && rows.Select(row => row[label]).Distinct().Count() > MostClassesOfNumbers))
            return null;
        rows = [.. rows.Where(row => classes.Contains(row[label]))];
        var columns = Enumerable.Range(0, rows[0].Length).Where(column => column != label)
            .Select(column => Encode([.. rows.Select(row => row[column])])).ToArray();
        return new(
            name, [.. rows.Select((_, row) => columns.SelectMany(column => column[row]).ToArray())], [.. rows.Select(row => row[label])]);
    }

    /// <summary>A column as numbers, or one number for each of its categories; NaN where a number is missing.</summary>
    public static float[][] Encode(string[] values)
    {
        if (values.All(value => value == "?" || IsNumber(value)))
            return [.. values.Select(value => new[] { value == "?" ? float.NaN : float.Parse(value, CultureInfo.InvariantCulture) })];
        string[] categories = [.. values.Distinct().Order(StringComparer.Ordinal)];
        return [.. values.Select(value => categories.Select(category => category == value ? 1f : 0f).ToArray())];
    }

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>An entry of <c>tables.json</c>, by the table's name; every member may be left out.</summary>
    private sealed record Form(bool Header = false, int? Label = null, char Separator = ',', bool Regression = false)
    {
        private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

        public static Form Of(string path, string name)
        {
            var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "tables.json");
            return File.Exists(file) && JsonSerializer.Deserialize<Dictionary<string, Form>>(File.ReadAllText(file), Options)!
                .TryGetValue(name, out var form) ? form : new();
        }
    }
}
