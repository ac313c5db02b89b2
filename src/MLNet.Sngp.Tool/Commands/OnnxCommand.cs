using System.CommandLine;
using Microsoft.ML;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>onnx</c>: writes the whole pipeline as one ONNX file.</summary>
internal static class OnnxCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = CommandParts.Model();
        Option<string> output = new("--output", "-o") { Description = "The ONNX file.", Required = true };
        var command = new Command("onnx", "Writes the whole pipeline as one ONNX file: columns in, predictions out.") { path, output };
        command.SetAction(arguments =>
        {
            var target = arguments.GetRequiredValue(output);
            CommandParts.RequireWritable(target, arguments.GetRequiredValue(path));
            using var model = ModelFile.Load(arguments.GetRequiredValue(path));
            Export(model, EmptyRows(model), target);
            terminal.Note($"written: {target}");
            return ExitCode.Success;
        });
        return command;
    }

    public static void Export(ModelFile model, IDataView sample, string path) =>
        model.Transformer.SaveAsOnnx(model.Context, sample, path);

    // Made rows of its own compare the file with the pipeline; the schema is what the data is needed for.
    private static IDataView EmptyRows(ModelFile model) => model.Context.Data.CreateTextLoader(
        [.. model.InputSchema.Select((column, i) => new Microsoft.ML.Data.TextLoader.Column(column.Name,
            column.Type == Microsoft.ML.Data.TextDataViewType.Instance
                ? Microsoft.ML.Data.DataKind.String : Microsoft.ML.Data.DataKind.Single, i))])
        .Load(new Microsoft.ML.Data.MultiFileSource(null));
}
