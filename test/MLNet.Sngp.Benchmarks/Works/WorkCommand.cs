using System.CommandLine;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary><c>work NAME</c>: one measurement, one line of JSON.</summary>
internal static class WorkCommand
{
    private static readonly WorkSettings Defaults = new();

    public static Command Create()
    {
        Argument<string> name = new("name") { Description = "The work." };
        name.AcceptOnlyFromAmong([.. Catalog.Names]);
        var rows = Option("--rows", Defaults.Rows, "Rows of the table, or of one pass of scoring.");
        var features = Option("--features", Defaults.Features, "Features of a row, in 'grow'.");
        var classes = Option("--classes", Defaults.Classes, "Classes, in 'grow'.");
        var randomFeatures = Option("--random-features", Defaults.RandomFeatures, "Random features, in 'grow'.");
        var epochs = Option("--epochs", Defaults.Epochs, "Epochs of a training.");
        var passes = Option("--passes", Defaults.Passes, "Epochs that are measured; the median counts.");
        var seconds = Option("--seconds", Defaults.Seconds, "How long scoring is measured, after half as long to warm up.");
        var models = Option("--models", Defaults.Models, "The folder that 'models' writes to and scoring reads from.");
        var command = new Command("work", "Does one work in this process and prints what it measured as a line of JSON.")
        {
            name, rows, features, classes, randomFeatures, epochs, passes, seconds, models,
        };
        command.SetAction(arguments => Console.WriteLine(Catalog.Run(arguments.GetValue(name)!, new WorkSettings(
            arguments.GetValue(rows),
            arguments.GetValue(features),
            arguments.GetValue(classes),
            arguments.GetValue(randomFeatures),
            arguments.GetValue(epochs),
            arguments.GetValue(passes),
            arguments.GetValue(seconds),
            arguments.GetValue(models)!))));
        return command;
    }

    private static Option<T> Option<T>(string name, T value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
