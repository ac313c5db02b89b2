namespace TwoMoons;

/// <summary>Runs every seed, prints a line for each, and writes metrics.json.</summary>
internal static class Report
{
    private static readonly (string Heading, string Format, Func<SeedMetrics, object> Value)[] Columns =
    [
        ("seed", "0", m => m.Seed),
        ("accuracy", "0.0000", m => m.Accuracy),
        ("log-loss", "0.0000", m => m.LogLoss),
        ("ECE", "0.0000", m => m.Ece),
        ("AUROC variance", "0.0000", m => m.AurocVariance),
        ("AUROC p0*p1", "0.0000", m => m.AurocUncertainty),
        ("variance train", "0.0000", m => m.MeanVarianceTrain),
        ("variance OOD", "0.0000", m => m.MeanVarianceOutOfDomain),
        ("ONNX difference", "0.0e+0", m => m.OnnxMaxDifference),
        ("train s", "0.00", m => m.TrainSeconds),
        ("grid s", "0.000", m => m.ScoreGridSeconds),
    ];

    public static void Run(Settings settings)
    {
        Directory.CreateDirectory(settings.Output);
        Console.WriteLine(settings.Tutorial
            ? "Two moons, SNGP with the tutorial's settings"
            : "Two moons, SNGP with the library's defaults");
        var table = new ConsoleTable([.. Columns.Select(column => (column.Heading, column.Format))]);
        table.WriteHeadings();

        var all = new List<SeedMetrics>();
        foreach (int seed in settings.Seeds)
        {
            SeedMetrics metrics = new Experiment(settings, Method.Sngp, seed).Run(drawFigures: all.Count == 0);
            all.Add(metrics);
            table.WriteRow([.. Columns.Select(column => column.Value(metrics))]);
        }

        CalibratedTable.Write(all);
        SeedMetrics.Write(Path.Combine(settings.Output, "metrics.json"), all);
        Console.WriteLine();
        Console.WriteLine("Accuracy, log-loss and ECE on 1,000 fresh points; AUROC of 500 out-of-domain points against those.");
        Console.WriteLine("ONNX difference: the exported file under ONNX Runtime alone against ML.NET, over the grid.");
        Console.WriteLine($"Largest of all seeds: {FormattableString.Invariant($"{all.Max(m => m.OnnxMaxDifference):0.0e+0}")}");
        Console.WriteLine($"Written to {settings.Output}: metrics.json, the figures of seed {settings.Seeds[0]} "
            + $"(class-probability.svg, predictive-uncertainty.svg), the model of seed {settings.Seeds[^1]} (sngp.onnx)");
        Console.WriteLine();
    }
}
