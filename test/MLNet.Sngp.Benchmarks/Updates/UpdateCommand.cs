using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNet.Sngp.Benchmarks.RealTables;

namespace MLNet.Sngp.Benchmarks.Updates;

/// <summary><c>updates</c>: what <c>Update</c> makes of rows from where no training row was, beside a new training.</summary>
internal static class UpdateCommand
{
    private static readonly string[] Tables = ["banknote_authentication", "ionosphere", "wheat-seeds", "winequality-red"];

    public static Command Create()
    {
        Option<DirectoryInfo> data =
            new("--data") { Description = "A folder of CSV files.", DefaultValueFactory = _ => new("../shared/data/tables") };
        Option<string[]> only = new("--only") { AllowMultipleArgumentsPerToken = true, Description = "Only these tables.",
            DefaultValueFactory = _ => Tables };
        Option<int> seeds = new("--seeds") { Description = "How many regions, splits and trainings, of seeds from 1.",
            DefaultValueFactory = _ => 5 };
        Option<FileInfo> output =
            new("--output") { Description = "The JSON file.", DefaultValueFactory = _ => new("artifacts/bench/updates.json") };
        data.AcceptExistingOnly();
        var command = new Command("updates", "Measures models that learn a region later and prints Markdown.") { data, only, seeds,
            output };
        command.SetAction(arguments => Measure([.. arguments.GetValue(only)!
            .Select(name => CsvTable.Read(Path.Combine(arguments.GetValue(data)!.FullName, name + ".csv"))).OfType<CsvTable>()],
            arguments.GetValue(seeds), arguments.GetValue(output)!));
        return command;
    }

    private static void Measure(CsvTable[] tables, int seeds, FileInfo output)
    {
        List<UpdateResult> results = [];
        Console.WriteLine("| table | rows | model | accuracy in the region | variance | accuracy elsewhere | variance | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var table in tables)
        {
            foreach (var trials in Enumerable.Range(1, seeds).SelectMany(seed => UpdateTrial.Run(table, seed))
                .GroupBy(trial => trial.Model))
            {
                var mean = UpdateResult.Mean([.. trials]);
                results.Add(mean);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {mean.Table} | {table.Labels.Length} | {mean.Model} | {mean.RegionAccuracy:0.000} | {mean.RegionVariance:0.000} "
                    + $"| {mean.OtherAccuracy:0.000} | {mean.OtherVariance:0.000} | {mean.Seconds:0.00} |"));
            }
        }
        output.Directory!.Create();
        File.WriteAllText(output.FullName, JsonSerializer.Serialize(
            results, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
        Console.WriteLine();
        Console.WriteLine($"Means over the seeds 1 to {seeds}: {output.FullName}");
    }
}
