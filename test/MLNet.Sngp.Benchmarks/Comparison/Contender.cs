using System.Diagnostics;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>A program that does works, each in a process of its own: this one, or the PyTorch script.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Program">What to start.</param>
/// <param name="Arguments">The arguments before the work's.</param>
internal sealed record Contender(string Name, string Program, IReadOnlyList<string> Arguments)
{
    // Whatever the caller's shell says of threads, the setting says it here.
    private static readonly string[] ThreadVariables = ["OMP_", "GOMP_", "OPENBLAS_", "MKL_", "KMP_"];

    /// <summary>This program: the library.</summary>
    public static Contender Library()
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new Contender("MLNet.Sngp", program, isHost ? [typeof(Contender).Assembly.Location, "work"] : ["work"]);
    }

    /// <exception cref="InvalidOperationException">The process failed or printed no measurement.</exception>
    public Measurement Run(ThreadSetting setting, params IEnumerable<string> work)
    {
        var start = new ProcessStartInfo(Program, [.. Arguments, .. work]) { RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(
            name => ThreadVariables.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in setting.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        return process.ExitCode == 0 && line.StartsWith('{')
            ? Measurement.Parse(line)
            : throw new InvalidOperationException($"{Name}, {string.Join(' ', work)}: exit status {process.ExitCode}. {output}");
    }
}
