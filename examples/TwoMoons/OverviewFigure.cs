using System.Globalization;
using System.Text;

namespace TwoMoons;

/// <summary>The surfaces of all methods side by side, with the points on them, as one SVG file.</summary>
internal sealed class OverviewFigure(IReadOnlyList<MoonPoint> train, IReadOnlyList<MoonPoint> outOfDomain)
{
    private const int PanelWidth = 224, PanelHeight = 180, Gap = 10, Left = 34, Top = 34;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly List<(string Title, double[] Probability, double[] Uncertainty)> _columns = [];

    /// <summary>Adds a method by what it says of the grid: the probability of class 0 and p₀·p₁ relative to its maximum.</summary>
    public void Add(string title, IReadOnlyList<ScoredPoint> grid)
    {
        double largest = grid.Max(point => point.BernoulliVariance());
        _columns.Add((
            title,
            [.. grid.Select(point => (double)point.Score[0])],
            [.. grid.Select(point => point.BernoulliVariance() / largest)]));
    }

    public void Write(string path)
    {
        int width = Left + _columns.Count * (PanelWidth + Gap), height = Top + 2 * (PanelHeight + Gap);
        var svg = new StringBuilder();
        svg.AppendLine(Invariant,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "
            + $"font-family=\"sans-serif\" font-size=\"14\" fill=\"#222\">");
        svg.AppendLine("<title>Class probability and predictive uncertainty of each method on the two moons</title>");
        svg.AppendLine(Invariant, $"<defs><clipPath id=\"panel\"><rect width=\"{PanelWidth}\" height=\"{PanelHeight}\"/></clipPath>");
        svg.AppendLine("<g id=\"points\" clip-path=\"url(#panel)\">");
        AddPoints(svg, train.Where(point => point.Label == 0), "#377eb8", 0.5);
        AddPoints(svg, train.Where(point => point.Label == 1), "#ff7f00", 0.5);
        AddPoints(svg, outOfDomain, "#ff0000", 0.15);
        svg.AppendLine(Invariant, $"</g></defs><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
        AddRowTitle(svg, 0, "class probability");
        AddRowTitle(svg, 1, "predictive uncertainty");
        for (int i = 0; i < _columns.Count; i++)
        {
            int x = Left + i * (PanelWidth + Gap);
            svg.AppendLine(
                Invariant, $"<text x=\"{x + PanelWidth / 2}\" y=\"{Top - 12}\" text-anchor=\"middle\">{_columns[i].Title}</text>");
            AddPanel(svg, x, Top, _columns[i].Probability);
            AddPanel(svg, x, Top + PanelHeight + Gap, _columns[i].Uncertainty);
        }

        svg.AppendLine("</svg>");
        File.WriteAllText(path, svg.ToString());
    }

    private static void AddRowTitle(StringBuilder svg, int row, string text)
    {
        double y = Top + row * (PanelHeight + Gap) + PanelHeight / 2.0;
        svg.AppendLine(Invariant, $"<text x=\"20\" y=\"{y}\" text-anchor=\"middle\" transform=\"rotate(-90 20 {y})\">{text}</text>");
    }

    private static void AddPanel(StringBuilder svg, int x, int y, double[] values)
    {
        string png = Convert.ToBase64String(new Surface(values).ToPng(PanelWidth, PanelHeight));
        svg.AppendLine(Invariant,
            $"<g transform=\"translate({x} {y})\"><image width=\"{PanelWidth}\" height=\"{PanelHeight}\" "
            + $"href=\"data:image/png;base64,{png}\"/>");
        svg.AppendLine(
            Invariant, $"<use href=\"#points\"/><rect width=\"{PanelWidth}\" height=\"{PanelHeight}\" fill=\"none\" stroke=\"#222\"/></g>");
    }

    private static void AddPoints(StringBuilder svg, IEnumerable<MoonPoint> points, string color, double opacity)
    {
        svg.AppendLine(Invariant, $"<g fill=\"{color}\" fill-opacity=\"{opacity}\">");
        foreach (MoonPoint point in points)
        {
            double x = (point.X - MoonsData.MinX) / (MoonsData.MaxX - MoonsData.MinX) * PanelWidth;
            double y = (MoonsData.MaxY - point.Y) / (MoonsData.MaxY - MoonsData.MinY) * PanelHeight;
            svg.AppendLine(Invariant, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"1.5\"/>");
        }

        svg.AppendLine("</g>");
    }
}
