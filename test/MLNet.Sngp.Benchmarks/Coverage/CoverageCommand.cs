using System.CommandLine;
using System.Text.Json;
using Microsoft.ML;

namespace MLNet.Sngp.Benchmarks.Coverage;

/// <summary><c>coverage</c>: whether stated rates hold of fresh rows, over many draws of the validation rows.</summary>
internal static class CoverageCommand
{
    public static Command Create()
    {
        Option<int> seeds = new("--seeds") { Description = "How many draws for coverage.", DefaultValueFactory = _ => 200 };
        Option<int> draws = new("--draws") { Description = "How many draws for the bound of the risk.", DefaultValueFactory = _ => 1000 };
        Option<string[]> only = new("--only") { Description = "Only these tables.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong("novelty", "sets", "minimum-coverage", "risk", "far");
        Option<FileInfo> output =
            new("--output") { Description = "The JSON file.", DefaultValueFactory = _ => new("artifacts/bench/coverage.json") };
        var command = new Command("coverage", "Measures stated rates on fresh rows and prints Markdown.") { seeds, draws, only, output };
        command.SetAction(arguments => Measure(
            arguments.GetValue(seeds), arguments.GetValue(draws), arguments.GetValue(only) ?? [], arguments.GetValue(output)!));
        return command;
    }

    private static int Measure(int seeds, int draws, string[] only, FileInfo output)
    {
        List<CoverageLine> lines = [];
        var ml = new MLContext(1);
        foreach (var task in MixtureTask.All)
        {
            using var model = task.Train(ml);
            var tables = new CoverageTables(ml, task, model);
            var quality = ml.Sngp().Evaluate(model.Transform(task.Load(ml, task.Draw(10_000, seed: 3))));
            Console.WriteLine(FormattableString.Invariant($"\n{task.Name}: accuracy {quality.Accuracy:0.000}\n"));
            Console.WriteLine("| task | what | validation rows | asked | got | band | holds | |\n|---|---|---|---|---|---|---|---|");
            foreach (var line in Lines(tables, task, seeds, draws, only))
            {
                Console.WriteLine(line);
                lines.Add(line);
            }
        }
        output.Directory!.Create();
        File.WriteAllText(output.FullName, JsonSerializer.Serialize(
            lines, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
        Console.WriteLine($"\n{lines.Count(line => line.Holds)} of {lines.Count} hold: {output.FullName}");
        return lines.TrueForAll(line => line.Holds) ? 0 : 1;
    }

    private static IEnumerable<CoverageLine> Lines(CoverageTables tables, MixtureTask task, int seeds, int draws, string[] only)
    {
        double[] rates = [0.8, 0.9, 0.99];
        if (Has("novelty"))
        {
            foreach (var columns in (string[]?[])[null, ["Variance"], ["Uncertainty"]])
            {
                foreach (var rate in rates)
                    yield return tables.Novelty(500, Math.Round(1 - rate, 2), seeds, columns);
            }
        }
        foreach (var rate in Has("sets") ? rates : [])
        {
            yield return tables.Sets(500, rate, seeds, perClass: false);
            yield return tables.Sets(200 * task.Classes, rate, seeds, perClass: true);
        }
        foreach (var rate in Has("minimum-coverage") ? rates : [])
            yield return tables.MinimumCoverage(500, rate, seeds);
        foreach (var rows in Has("risk") ? [60, 500, 5000] : Array.Empty<int>())
        {
            foreach (var risk in task.Risks)
                yield return tables.Risk(rows, risk, 0.9, draws);
        }
        foreach (var rows in Has("far") ? [60, 500, 5000] : Array.Empty<int>())
        {
            foreach (var (what, options) in Settings(task.Risks[0]))
                yield return tables.Far(rows, what, options, Math.Max(1, seeds / 10));
        }

        bool Has(string table) => only.Length == 0 || only.Contains(table);
    }

    private static (string, DecisionOptions)[] Settings(double risk) =>
    [
        (FormattableString.Invariant($"risk {risk}"), new() { MaximumRisk = risk, Confidence = 0.9 }),
        ("risk 0.5, met by all rows", new() { MaximumRisk = 0.5, Confidence = 0.9 }),
        ("coverage 0.9", new() { MinimumCoverage = 0.9 }),
        ("coverage 1", new() { MinimumCoverage = 1 }),
        ("uncertainty 1, met by all rows", new() { MaximumUncertainty = 1 }),
        ("novelty alone", new()),
    ];
}
