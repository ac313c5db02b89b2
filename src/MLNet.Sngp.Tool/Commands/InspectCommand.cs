using System.CommandLine;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>inspect</c>: what a model takes, gives and was made of.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = CommandParts.Model();
        var json = CommandParts.Json();
        var command = new Command("inspect", "Shows a model's columns, classes, options and how it was trained.") { path, json };
        command.SetAction(arguments =>
        {
            using var model = ModelFile.Load(arguments.GetRequiredValue(path));
            var network = model.Sngp.Model;
            CardReport.Of(model.Card)
                .Add("method", network.Method)
                .Add("library version", network.LibraryVersion)
                .Add("features", network.NumberOfFeatures)
                .Add("classes", model.Card.IsRegression ? null : network.Labels.Names)
                .Add("kernel scale", model.Sngp.KernelScale)
                .AddTable("option", network.Options.Select(option =>
                    new Dictionary<string, object?> { ["name"] = option.Key, ["value"] = option.Value }))
                .Write(terminal, arguments.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}
