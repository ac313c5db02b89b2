using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using MLNet.Sngp.Benchmarks.Measuring;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary><c>ratios</c>: all pairs in alternation, one table.</summary>
internal static class RatioCommand
{
    public static Command Create()
    {
        Option<int> repeats = new("--repeats") { Description = "How often each pair is measured.", DefaultValueFactory = _ => 5 };
        Option<string?> python = new("--python") { Description =
            "A Python that has torch; the first on the path that has it by default. Without one our own column is all there is." };
        Option<string> script = new("--script") { Description = "The PyTorch script.", DefaultValueFactory = _ =>
            "test/MLNet.Sngp.Benchmarks/peers/sngp_torch.py" };
        Option<string[]> only =
            new("--only") { Description = "Only rows whose title contains one of these.", AllowMultipleArgumentsPerToken = true };
        Option<string[]> threads =
            new("--threads") { Description = "Only these settings, named as in the table.", AllowMultipleArgumentsPerToken = true };
        threads.AcceptOnlyFromAmong([.. ThreadSetting.All.Select(setting => setting.Name)]);
        var command = new Command("ratios", "Measures the library and PyTorch in alternation and prints the ratios in Markdown.") { repeats,
            python, script, only, threads };
        command.SetAction(arguments =>
        {
            var library = Contender.Library();
            var torch = (arguments.GetValue(python) ?? PythonWithTorch()) is { } path
                ? new Contender("PyTorch", path, [arguments.GetValue(script)!]) : null;
            var (titles, settings) = (arguments.GetValue(only) ?? [], arguments.GetValue(threads) ?? []);
            RatioRow[] rows = [.. RatioRows.Create(library, torch)
                .Where(row => titles.Length == 0 || titles.Any(title => row.Title.Contains(title, StringComparison.OrdinalIgnoreCase)))
                .Where(row => settings.Length == 0 || settings.Contains(row.Ours.Setting.Name))];
            Measure(library, rows, arguments.GetValue(repeats));
        });
        return command;
    }

    private static string? PythonWithTorch()
    {
        var found = ((string[])["python3", "/usr/bin/python3", "python"]).FirstOrDefault(HasTorch);
        if (found is null)
            Note("PyTorch is left out: no Python here has torch (Debian: python3-torch).");
        return found;
    }

    private static bool HasTorch(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static void Measure(Contender library, IReadOnlyList<RatioRow> rows, int repeats)
    {
        var before = Machine.Load();
        Note($"The load of this machine is {before}. Where other programs run, spinning threads wait for each other without end: measure "
            + "on an idle one.");
        Note("training the models to score with");
        var models = library.Run(ThreadSetting.One, "models");
        var verified = library.Run(ThreadSetting.One, "verify");
        Run[] runs = [.. rows.SelectMany(row => row.Other is null ? [row.Ours] : new[] { row.Ours, row.Other }).Distinct()];
        var measured = runs.ToDictionary(run => run, _ => new List<Measurement>());
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            foreach (var run in runs)
            {
                Note($"{repeat}/{repeats} {run}");
                measured[run].Add(run.Contender.Run(run.Setting, run.Work.Split(' ')));
            }
        }
        Machine.Write(Console.Out, before);
        WriteLibraries(measured);
        Console.WriteLine();
        RatioTable.Write(Console.Out, rows, measured);
        Console.WriteLine();
        RatioNotes.Write(Console.Out, repeats, models, verified, measured);
    }

    private static void WriteLibraries(Dictionary<Run, List<Measurement>> measured)
    {
        foreach (var group in measured.Values.SelectMany(runs => runs).GroupBy(
            run => (run.Implementation, Text: string.Join(", ", run.Libraries))).Where(group => group.Key.Text.Length > 0))
            Console.WriteLine(
                $"{group.Key.Implementation}: {group.Key.Text}; torch threads "
                + $"{string.Join(" and ", group.Select(run => run.Threads).Distinct().Order())}.");
    }

    private static void Note(string text) => Console.Error.WriteLine(text);
}
