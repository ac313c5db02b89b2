using System.Diagnostics;
using System.Globalization;

namespace MLNet.Sngp.Stress;

/// <summary>Runs scenarios, one process after the other, and sums them up.</summary>
internal static class Runner
{
    /// <returns>0 when every scenario ended well, else 1.</returns>
    public static int Run(IReadOnlyList<string> names, string[] arguments, double scale, string folder)
    {
        var path = Directory.CreateDirectory(folder).FullName;
        Dictionary<string, string> environment = new()
        {
            [Scenario.ScaleVariable] = scale.ToString(CultureInfo.InvariantCulture),
            [Scenario.FolderVariable] = path,
        };
        List<string> summary = [];
        var (failed, started) = (0, Stopwatch.GetTimestamp());
        foreach (var name in names)
        {
            var from = Stopwatch.GetTimestamp();
            using var process = ChildProcess.Start(environment, redirect: false, name, arguments);
            process.WaitForExit();
            failed += process.ExitCode == 0 ? 0 : 1;
            summary.Add(Line(name, from, process.ExitCode == 0 ? "ok" : $"FAILED (exit status {process.ExitCode})"));
        }
        Console.WriteLine();
        summary.ForEach(Console.WriteLine);
        Console.WriteLine(Line("in all", started, $"{names.Count - failed} of {names.Count} scenarios ended well"));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs one scenario or worker in this process.</summary>
    public static int RunHere(string name, string[] arguments)
    {
        if (!Scenario.All.TryGetValue(name, out var scenario) && !Scenario.Workers.TryGetValue(name, out scenario))
        {
            Console.Error.WriteLine($"There is no worker '{name}'.");
            return 2;
        }
        try
        {
            Console.WriteLine($"{name}: {scenario(arguments)} ok");
            return 0;
        }
        catch (Exception exception)
        {
            Console.WriteLine($"{name}: FAILED {exception}");
            return 1;
        }
    }

    private static string Line(string name, long from, string text)
        => string.Create(CultureInfo.InvariantCulture, $"{name,-16} {Stopwatch.GetElapsedTime(from).TotalSeconds,6:F0} s  {text}");
}
