using System.Diagnostics;

namespace MLNet.Sngp.Stress;

/// <summary>Starts this program again, as a worker.</summary>
internal static class ChildProcess
{
    public static Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLNet.Sngp.Stress.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The worker process could not be started.");
    }

    /// <summary>Runs a worker to its end; gives its exit status and what it wrote.</summary>
    public static (int Status, string Output) Run(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors.Result + output);
    }
}
