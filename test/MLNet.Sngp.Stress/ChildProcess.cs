using System.Diagnostics;

namespace MLNet.Sngp.Stress;

/// <summary>Starts this program again, as a worker.</summary>
internal static class ChildProcess
{
    public static Process Start(Dictionary<string, string> environment, params string[] arguments) =>
        Start(environment, redirect: true, arguments[0], arguments[1..]);

    public static Process Start(Dictionary<string, string> environment, bool redirect, string name, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLNet.Sngp.Stress.dll");
        var start = new ProcessStartInfo("dotnet", [program, "worker", name, .. arguments])
        {
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
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
