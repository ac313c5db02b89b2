using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Spectre.Console;

namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary><c>tables</c>: methods with nothing but defaults on every classification table of a folder.</summary>
internal static class TablesCommand
{
    private static readonly Dictionary<string, Func<MLContext, IEstimator<ITransformer>?>> Normalizers = new()
    {
        ["mean-variance"] = ml => ml.Transforms.NormalizeMeanVariance("Features", fixZero: false),
        ["fix-zero"] = ml => ml.Transforms.NormalizeMeanVariance("Features"),
        ["min-max"] = ml => ml.Transforms.NormalizeMinMax("Features"),
        ["none"] = _ => null,
    };

    public static Command Create()
    {
        Option<DirectoryInfo> data =
            new("--data") { Description = "A folder of CSV files.", DefaultValueFactory = _ => new("../shared/data/tables") };
        Option<string[]> only = new("--only") { Description = "Only these tables.", AllowMultipleArgumentsPerToken = true };
        Option<string[]> methods = new("--methods") { AllowMultipleArgumentsPerToken = true, Description = "Only these methods.",
            DefaultValueFactory = _ => [.. TableMethod.All.Select(method => method.Name)] };
        Option<int> seeds =
            new("--seeds") { Description = "How many splits and trainings, of seeds from 1.", DefaultValueFactory = _ => 5 };
        Option<string> normalizer =
            new("--normalizer") { Description = "What stands before the trainer.", DefaultValueFactory = _ => "mean-variance" };
        Option<FileInfo> output =
            new("--output") { Description = "The JSON file.", DefaultValueFactory = _ => new("artifacts/bench/tables.json") };
        methods.AcceptOnlyFromAmong([.. TableMethod.All.Select(method => method.Name)]);
        normalizer.AcceptOnlyFromAmong([.. Normalizers.Keys]);
        data.AcceptExistingOnly();
        var command = new Command("tables", "Compares methods on real tables and prints Markdown.") { data, only, methods, seeds,
            normalizer, output };
        command.SetAction(arguments => Measure(
            Read(arguments.GetValue(data)!, arguments.GetValue(only) ?? []),
            [.. TableMethod.All.Where(method => arguments.GetValue(methods)!.Contains(method.Name))],
            arguments.GetValue(seeds), Normalizers[arguments.GetValue(normalizer)!], arguments.GetValue(output)!));
        return command;
    }

    private static List<CsvTable> Read(DirectoryInfo folder, string[] only) =>
        [.. folder.GetFiles("*.csv").OrderBy(file => file.Length).Where(file =>
            only.Length == 0 || only.Contains(Path.GetFileNameWithoutExtension(file.Name))).Select(file => CsvTable.Read(file.FullName))
            .OfType<CsvTable>()];

    private static void Measure(List<CsvTable> tables, TableMethod[] methods, int seeds,
        Func<MLContext, IEstimator<ITransformer>?> normalize, FileInfo output)
    {
        List<TableResult> results = [];
        Console.WriteLine(
            "| table | rows, features, classes | method | accuracy | NLL | ECE | AUROC noise | by score | AUROC novel class | train s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("tables", maxValue: tables.Count * methods.Length * seeds);
            foreach (var table in tables)
            {
                foreach (var method in methods)
                {
                    List<TableResult> trials = [];
                    for (var seed = 1; seed <= seeds; seed++)
                    {
                        task.Description = $"{table.Name}, {method.Name}";
                        trials.Add(TableTrial.Run(table, method, seed, normalize));
                        task.Increment(1);
                    }
                    results.Add(TableResult.Mean(trials));
                    Write(table, results[^1]);
                }
            }
        });
        output.Directory!.Create();
        File.WriteAllText(output.FullName, JsonSerializer.Serialize(
            results, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
        Console.WriteLine();
        Console.WriteLine($"Means over the seeds 1 to {seeds}: {output.FullName}");
    }

    private static void Write(CsvTable table, TableResult result) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {table.Name} | {table.Labels.Length}, {table.Features[0].Length}, {table.NumberOfClasses} | {result.Method} | "
        + $"{result.Accuracy:0.000} "
        + $"| {result.LogLoss:0.000} | {result.Ece:0.000} | {result.AurocNoise:0.000} | {result.AurocNoiseByScore:0.000} "
        + $"| {result.AurocNovelClass:0.000} | {result.TrainSeconds:0.00} |"));
}
