using System.CommandLine;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>score</c>: writes a table with predictions, as a stream.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = CommandParts.Model();
        var table = CommandParts.Table();
        Option<string> output = new("--output", "-o") { Description = "The CSV file.", Required = true };
        var json = CommandParts.Json();
        var command = new Command("score", "Writes the table with predictions and their uncertainty; bad rows go to a file beside.")
            { path, table, output, json };
        command.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            var target = arguments.GetRequiredValue(output);
            CommandParts.RequireWritable(target, arguments.GetRequiredValue(path), arguments.GetRequiredValue(table));
            CommandParts.RequireWritable(
                TableScoring.RejectedPathOf(target), arguments.GetRequiredValue(path), arguments.GetRequiredValue(table));
            using var model = ModelFile.Load(arguments.GetRequiredValue(path));
            var scoring = new TableScoring(terminal, model, CommandParts.Open(model, arguments.GetRequiredValue(table)), target);
            scoring.Run(cancellation);
            new Report()
                .Add("rows scored", scoring.Scored)
                .Add("rows rejected", scoring.Rejected)
                .Add("rejected rows", scoring.Rejected > 0 ? scoring.RejectedPath : null)
                .Add("rows per second", Math.Round(scoring.RowsPerSecond))
                .Add("output", target)
                .Add("cancelled", cancellation.IsCancellationRequested ? true : null)
                .Write(terminal, arguments.GetValue(json));
            return cancellation.IsCancellationRequested ? ExitCode.Cancelled
                : scoring.Rejected > 0 ? ExitCode.RejectedRows : ExitCode.Success;
        }, CancellationToken.None));
        return command;
    }
}
