using System.CommandLine;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>train</c>: makes a model of a table.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var table = CommandParts.Table();
        Option<string> label = new("--label") { Description = "The column to predict.", Required = true };
        Option<string[]> ignore = new("--ignore") { Description = "Columns to leave out.", AllowMultipleArgumentsPerToken = true };
        Option<bool> regression = new("--regression") { Description = "The label is a number; without it, a class." };
        Option<string> output = new("--output", "-o") { Description = "The model's zip file.", Required = true };
        Option<string> onnx = new("--onnx") { Description = "An ONNX file of the whole pipeline besides." };
        Option<int> epochs = new("--epochs") { Description = "Passes over the rows; without it, chosen from the data." };
        Option<int> seed = new("--seed") { Description = "Of all random numbers.", DefaultValueFactory = _ => 1 };
        var json = CommandParts.Json();
        var command = new Command("train", "Trains a model on a table and says how good it is on rows held back.")
            { table, label, ignore, regression, output, onnx, epochs, seed, json };
        command.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            var training = new TableTraining(terminal, arguments.GetRequiredValue(table), arguments.GetRequiredValue(label),
                arguments.GetValue(regression), arguments.GetValue(seed))
            {
                Ignored = arguments.GetValue(ignore) ?? [],
                NumberOfEpochs = arguments.GetResult(epochs) is null ? null : arguments.GetValue(epochs),
            };
            var path = arguments.GetRequiredValue(output);
            CommandParts.RequireWritable(path, arguments.GetRequiredValue(table));
            if (arguments.GetValue(onnx) is { } file)
                CommandParts.RequireWritable(file, arguments.GetRequiredValue(table), path);
            using var model = training.Run(cancellation);
            ModelFile.Save(model.Context, model.Transformer, model.InputSchema, model.Card, path);
            CardReport.Of(model.Card).Add("model", path).Write(terminal, arguments.GetValue(json));
            if (arguments.GetValue(onnx) is { } onnxPath)
                OnnxCommand.Export(model, training.Sample(), onnxPath);
            return ExitCode.Success;
        }, CancellationToken.None));
        return command;
    }
}
