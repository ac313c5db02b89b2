using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary><c>regression</c>: methods with nothing but defaults on regression tables.</summary>
internal static class RegressionCommand
{
    private const string Ours = "sngp";
    private static readonly string[] Tables = ["abalone", "winequality-red"];

    public static Command Create()
    {
        Option<DirectoryInfo> data = new("--data") { Description = "The folder of abalone.csv and winequality-red.csv.",
            DefaultValueFactory = _ => new("../shared/data/tables") };
        Option<string[]> only = new("--only") { AllowMultipleArgumentsPerToken = true, Description = "Only these tables.",
            DefaultValueFactory = _ => Tables };
        Option<string[]> methods = new("--methods") { AllowMultipleArgumentsPerToken = true, Description = "Only these methods.",
            DefaultValueFactory = _ => [.. RegressionMethod.All.Select(method => method.Name)] };
        Option<int> seeds =
            new("--seeds") { Description = "How many splits and trainings, of seeds from 1.", DefaultValueFactory = _ => 5 };
        Option<FileInfo> output =
            new("--output") { Description = "The JSON file.", DefaultValueFactory = _ => new("artifacts/bench/regression.json") };
        methods.AcceptOnlyFromAmong([.. RegressionMethod.All.Select(method => method.Name)]);
        data.AcceptExistingOnly();
        var command = new Command("regression", "Compares methods on regression tables and prints Markdown.") { data, only, methods, seeds,
            output };
        command.SetAction(arguments => Measure(arguments.GetValue(data)!, arguments.GetValue(only)!,
            [.. RegressionMethod.All.Where(method => arguments.GetValue(methods)!.Contains(method.Name))], arguments.GetValue(seeds),
            arguments.GetValue(output)!));
        return command;
    }

    private static void Measure(DirectoryInfo folder, string[] tables, RegressionMethod[] methods, int seeds, FileInfo output)
    {
        List<RegressionResult> results = [];
        Console.WriteLine("| table | rows, features | method | RMSE | NLL | AUROC noise | coverage at 0.9 | width | train s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var name in tables)
        {
            var table = RegressionSplit.Read(Path.Combine(folder.FullName, name + ".csv"));
            foreach (var method in methods)
            {
                results.Add(RegressionResult.Mean([.. Enumerable.Range(1, seeds).Select(seed => Trial(name, table, method, seed))]));
                Console.WriteLine(Line(table, results[^1]));
            }
        }
        Console.WriteLine();
        foreach (var table in results.GroupBy(result => result.Table).Where(table =>
            table.Any(result => result.Method == Ours) && table.Any(result => !result.Method.StartsWith(Ours, StringComparison.Ordinal))))
            Console.WriteLine(Goals([.. table]));
        output.Directory!.Create();
        File.WriteAllText(output.FullName, JsonSerializer.Serialize(
            results, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
        Console.WriteLine();
        Console.WriteLine($"Means over the seeds 1 to {seeds}: {output.FullName}");
    }

    private static RegressionResult Trial(string name, RegressionSplit.Row[] table, RegressionMethod method, int seed)
    {
        var split = RegressionSplit.Create(table, seed);
        var clock = Stopwatch.StartNew();
        var score = method.Fit(split, seed);
        var result = RegressionResult.Of(name, method.Name, split, score, clock.Elapsed.TotalSeconds);
        return result;
    }

    /// <summary>How the method of one network stands beside the best of the others.</summary>
    private static string Goals(RegressionResult[] table)
    {
        var own = Array.Find(table, result => result.Method == Ours)!;
        var others = table.Where(result => !result.Method.StartsWith(Ours, StringComparison.Ordinal)).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{own.Table}: RMSE {own.Rmse / others.Min(result => result.Rmse) - 1:+0.0 %;-0.0 %} to the best of the others (at most +3 %); "
            + $"NLL {own.Nll - others.Min(result => result.Nll):+0.000;-0.000} (below 0); AUROC of noise {own.AurocNoise:0.000} (0.99).");
    }

    private static string Line(RegressionSplit.Row[] table, RegressionResult result)
    {
        return string.Create(CultureInfo.InvariantCulture,
            $"| {result.Table} | {table.Length}, {table[0].Features.Length} | {result.Method} | {result.Rmse:0.000} | {Known(result.Nll)} "
            + $"| {Known(result.AurocNoise)} | {Known(result.Coverage)} | {Known(result.Width)} | {result.TrainSeconds:0.00} |");

        static string Known(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
    }
}
