using MLNet.Sngp;
using ScottPlot;

namespace Images;

/// <summary>Histograms of a column in and out of domain, and the reliability diagram.</summary>
internal static class Figures
{
    private const int Bins = 40;
    private const int Width = 900;
    private const int Height = 520;

    // Okabe and Ito's: told apart without colour vision too, and unlike in grey.
    private static readonly Color[] Colors = [.. new[] { "#0072B2", "#E69F00", "#000000", "#CC79A7" }.Select(Color.FromHex)];
    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    /// <param name="path">The PNG file to write.</param>
    /// <param name="column">The column.</param>
    /// <param name="sets">Its values, in domain first.</param>
    public static void SaveHistograms(string path, string column, IReadOnlyList<(string Name, double[] Values)> sets)
    {
        double largest = sets.Max(set => set.Values.Max());
        double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(i => largest * i / Bins)];
        var plot = new Plot();
        foreach (var ((name, values), i) in sets.Select((set, i) => (set, i)))
        {
            double[] shares = [.. Enumerable.Range(0, Bins).Select(bin => values.Count(value =>
                (int)Math.Min(Bins - 1, Bins * value / largest) == bin) / (double)values.Length)];
            double[] x = [.. Enumerable.Range(0, Bins).SelectMany(bin => new[] { edges[bin], edges[bin + 1] })];
            var line = plot.Add.ScatterLine(x, [.. shares.SelectMany(share => new[] { share, share })]);
            (line.LegendText, line.Color, line.LinePattern, line.LineWidth) = ($"{name} ({values.Length})", Colors[i], Patterns[i], 2.5f);
        }
        plot.XLabel(column);
        plot.YLabel("share of the images");
        plot.Title($"{column} in and out of domain");
        plot.Axes.AutoScale();
        plot.Axes.SetLimits(0, largest, 0, plot.Axes.GetLimits().Top);
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(path, Width, Height);
    }

    /// <param name="path">The PNG file to write.</param>
    /// <param name="diagram">The bins.</param>
    public static void SaveReliability(string path, ReliabilityDiagram diagram)
    {
        var plot = new Plot();
        var perfect = plot.Add.Line(0, 0, 1, 1);
        (perfect.LegendText, perfect.Color, perfect.LinePattern) = ("as sure as right", Colors[2], LinePattern.Dotted);
        ReliabilityBin[] bins = [.. diagram.Bins.Where(bin => bin.Count > 0)];
        var points = plot.Add.Scatter([.. bins.Select(bin => bin.MeanConfidence)], bins.Select(bin => bin.Accuracy).ToArray());
        (points.LegendText, points.Color, points.LineWidth, points.MarkerSize) = ("test images", Colors[0], 2, 9);
        foreach (ReliabilityBin bin in bins)
        {
            var count = plot.Add.Text($"{bin.Count}", bin.MeanConfidence, bin.Accuracy);
            (count.LabelAlignment, count.OffsetY, count.LabelFontSize) = (Alignment.UpperCenter, 8, 13);
        }
        plot.XLabel("mean confidence");
        plot.YLabel("share that is right");
        plot.Title($"Reliability, with the number of images: ECE {diagram.ExpectedCalibrationError:0.000}");
        plot.Axes.SetLimits(0, 1.02, 0, 1.06);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(path, Width, Height);
    }
}
