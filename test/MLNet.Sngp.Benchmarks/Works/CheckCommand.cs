using System.CommandLine;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary><c>check</c>: every work once, as small as can be, in one process. Its times mean nothing; that it ends well does.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Does every work once, in small, to see that all of them run.");
        command.SetAction(_ =>
        {
            var settings = new WorkSettings(Rows: 600, RandomFeatures: 64, Epochs: 2, Seconds: 0.02,
                Models: Path.Combine("artifacts", "bench", "check"));
            foreach (var work in Catalog.Names)
                Console.WriteLine(Catalog.Run(work, settings));
        });
        return command;
    }
}
