using System.CommandLine;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Commands;

/// <summary>Arguments that several commands have.</summary>
internal static class CommandParts
{
    public static Argument<string> Table() => new("TABLE") { Description = "A CSV, TSV, Parquet or JSON-lines file with a header." };

    public static Argument<string> Model() => new("MODEL") { Description = "The zip file that 'sngp train' wrote." };

    public static Option<bool> Json() => new("--json") { Description = "Prints JSON." };

    /// <summary>Opens a table that has every column that the model takes.</summary>
    public static TableFile Open(ModelFile model, string path)
    {
        var table = new TableFile(path, model.Card.DecimalComma);
        foreach (var column in model.Card.Features())
            ColumnPlanner.Require(table, column.Name);
        return table;
    }

    /// <summary>Refuses an output whose folder does not exist, and one that would take the place of what is read.</summary>
    public static void RequireWritable(string path, params string[] inputs)
    {
        if (inputs.Any(input => Path.GetFullPath(input) == Path.GetFullPath(path)))
            throw new ToolException($"{path}: the output would replace what is read; give it another name.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new ToolException($"{path}: the folder does not exist; create it first.");
    }
}
