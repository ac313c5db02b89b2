using System.CommandLine;
using MLNet.Sngp.Benchmarks.Comparison;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Growth;

/// <summary><c>growth</c>: how time and memory grow with rows, random features, classes and features.</summary>
internal static class GrowthCommand
{
    private static readonly GrowthTable[] Tables =
    [
        new("Rows (d = 2, K = 2, M = 1,024)", "n", "--rows", [1_000, 10_000, 100_000, 1_000_000], "--features 2", MostOwnMegabytes: 50),
        new("Random features (n = 10,000, d = 2, K = 2)", "M", "--random-features", [256, 512, 1024, 2048, 4096], "--rows 10000"),
        new("Classes (n = 10,000, d = 16, M = 1,024)", "K", "--classes", [2, 10, 100, 1_000], "--rows 10000 --features 16"),
        new("Features (n = 10,000, K = 2, M = 1,024)", "d", "--features", [2, 10, 100, 1_000, 10_000], "--rows 10000"),
    ];

    public static Command Create()
    {
        Option<string[]> only =
            new("--only") { Description = "Only the tables of these symbols: n, M, K, d.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. Tables.Select(table => table.Symbol)]);
        Option<int> most = new("--most") { Description = "Leave out larger values.", DefaultValueFactory = _ => int.MaxValue };
        var command = new Command("growth", "Measures how cost grows and prints tables in Markdown.") { only, most };
        command.SetAction(arguments => Measure(arguments.GetValue(only) ?? [], arguments.GetValue(most)));
        return command;
    }

    private static void Measure(string[] only, int most)
    {
        var before = Machine.Load();
        var library = Contender.Library();
        foreach (var table in Tables.Where(table => only.Length == 0 || only.Contains(table.Symbol)))
            (table with { Values = [.. table.Values.Where(value => value <= most)] }).Write(Console.Out, library, Console.Error.WriteLine);
        Console.WriteLine();
        Machine.Write(Console.Out, before);
        Console.WriteLine("""
            Each row is one process with one torch thread: a training of two epochs with the defaults through `Fit`, of which the second
            counts. "Set-up" is what the first epoch took longer: reading the table, the initial network, the kernel scale. "Posterior" is
            all that follows the last epoch: the pass over the rows, its factor, the ONNX graph and its session. "Own" is the peak without
            the table, n·(4d + 4) bytes, and without what was resident after a training of a few rows with 16 random features, which loads
            code and libraries. "Managed" is all that .NET allocated, freed or not. The table's rows are made while they are read.
            """);
    }
}
