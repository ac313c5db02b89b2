using TorchSharp;

namespace TwoMoons;

/// <summary>The tutorial's comparison: every method on the same data, a line for each, its figures and its model.</summary>
internal static class Comparison
{
    private static readonly (string Heading, string Format, Func<SeedMetrics, object> Value)[] Columns =
    [
        ("method       ", "", m => m.Method.PadRight(13)),
        ("seed", "0", m => m.Seed),
        ("accuracy", "0.0000", m => m.Accuracy),
        ("log-loss", "0.0000", m => m.LogLoss),
        ("ECE", "0.0000", m => m.Ece),
        ("Brier", "0.0000", m => m.Brier),
        ("AUROC p0*p1", "0.0000", m => m.AurocUncertainty),
        ("AUROC variance", "0.0000", m => m.AurocVariance),
        ("train s", "0.00", m => m.TrainSeconds),
        ("grid s", "0.000", m => m.ScoreGridSeconds),
        ("model KiB", "0", m => m.ModelBytes / 1024.0),
    ];

    public static void Run(Settings settings)
    {
        Directory.CreateDirectory(settings.Output);
        // A step of so small a network has no work for two threads; so ensembles train a member on each core instead.
        torch.set_num_threads(1);
        Console.WriteLine(settings.Tutorial
            ? "Two moons, the methods compared, with the tutorial's settings"
            : "Two moons, the methods compared, with the library's defaults");
        var table = new ConsoleTable([.. Columns.Select(column => (column.Heading, column.Format))]);
        table.WriteHeadings();

        var all = new List<SeedMetrics>();
        int drawnSeed = settings.Seeds[0];
        var overview = new OverviewFigure(MoonsData.Train(drawnSeed), MoonsData.OutOfDomain(drawnSeed));
        foreach (int seed in settings.Seeds)
        {
            foreach (Method method in settings.Methods)
            {
                var experiment = new Experiment(settings, method, seed);
                SeedMetrics metrics = experiment.Run(drawFigures: seed == drawnSeed, figurePrefix: method.Name + "-");
                if (seed == drawnSeed)
                    overview.Add(method.Title, experiment.Grid);
                all.Add(metrics);
                table.WriteRow([.. Columns.Select(column => column.Value(metrics))]);
            }
        }

        overview.Write(Path.Combine(settings.Output, "comparison.svg"));
        CalibratedTable.Write(all);
        SeedMetrics.Write(Path.Combine(settings.Output, "metrics.json"), all);
        WriteNotes(settings);
    }

    private static void WriteNotes(Settings settings)
    {
        Console.WriteLine();
        Console.WriteLine(
            "Accuracy, log-loss, ECE and Brier score on 1,000 fresh points; AUROC of 500 out-of-domain points against those:");
        Console.WriteLine(
            "1 where all of them are less certain than all of the others, 0 where they are more certain, 0.5 for equal values.");
        Console.WriteLine("Variance: of the logits for SNGP, of the members' probabilities for the others (one network has none).");
        Console.WriteLine(
            $"Training on {Environment.ProcessorCount} cores with one thread for each network; grid: 10,000 points scored through ML.NET.");
        Console.WriteLine($"Written to {settings.Output}: metrics.json, comparison.svg, and for each method METHOD.onnx and the figures "
            + $"of seed {settings.Seeds[0]}, METHOD-class-probability.svg and METHOD-predictive-uncertainty.svg");
        Console.WriteLine();
    }
}
