namespace TwoMoons;

/// <summary>What calibration on fresh points chose and gained, where something was calibrated.</summary>
internal static class CalibratedTable
{
    private static readonly (string Heading, string Format, Func<CalibratedMetrics, object> Value)[] Columns =
    [
        ("temperature", "0.000", m => m.Temperature),
        ("mean-field factor", "0.000", m => m.MeanFieldFactor ?? (object)"none"),
        ("log-loss", "0.0000", m => m.LogLoss),
        ("ECE", "0.0000", m => m.Ece),
        ("AUROC p0*p1", "0.0000", m => m.AurocUncertainty),
        ("p0*p1 OOD", "0.000", m => m.MeanUncertaintyOutOfDomain),
    ];

    public static void Write(List<SeedMetrics> all)
    {
        if (all.TrueForAll(metrics => metrics.Calibrated is null))
            return;
        Console.WriteLine();
        Console.WriteLine("After Calibrate on 300 fresh validation points; measured on the same test and out-of-domain points");
        var table = new ConsoleTable([("method       ", ""), ("seed", "0"), .. Columns.Select(column => (column.Heading, column.Format))]);
        table.WriteHeadings();
        foreach (SeedMetrics metrics in all)
        {
            if (metrics.Calibrated is { } calibrated)
                table.WriteRow([metrics.Method.PadRight(13), metrics.Seed, .. Columns.Select(column => column.Value(calibrated))]);
        }
    }
}
