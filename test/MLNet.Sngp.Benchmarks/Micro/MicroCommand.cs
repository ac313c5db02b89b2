using System.CommandLine;
using BenchmarkDotNet.Running;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary><c>micro</c>: the parts under BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        Option<string[]> filter = new("--filter")
        {
            Description = "The benchmarks to run, as patterns: '*Scoring*'.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["*"],
        };
        var command = new Command("micro", "Measures the parts of the library with BenchmarkDotNet.") { filter };
        command.SetAction(arguments =>
        {
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly)
                .Run(["--filter", .. arguments.GetValue(filter)!], new MicroConfig())
                .ToList();
            return summaries.Count > 0 && summaries.TrueForAll(summary => !summary.HasCriticalValidationErrors
                && summary.Reports.All(report => report.Success)) ? 0 : 1;
        });
        return command;
    }
}
