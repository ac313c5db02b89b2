using System.Globalization;
using System.Text;

namespace TwoMoons;

/// <summary>A surface over the plane with the points drawn on it, axes and a colour bar, as one SVG file.</summary>
internal sealed class SurfaceFigure
{
    private const int Width = 700, Height = 560;
    private const int Left = 62, Top = 44, PlotWidth = 520, PlotHeight = 430;
    private const int BarLeft = Left + PlotWidth + 24, BarWidth = 18;
    private const string Blue = "#377eb8", Orange = "#ff7f00", Red = "#ff0000";

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder _svg = new();

    private SurfaceFigure()
    {
    }

    /// <summary>Writes the figure.</summary>
    /// <param name="path">The SVG file.</param>
    /// <param name="title">Stands above the plot.</param>
    /// <param name="barLabel">Says what the colours mean.</param>
    /// <param name="values">The surface on <see cref="MoonsData.Grid"/>, 0 to 1.</param>
    /// <param name="train">The training points, drawn in the colours of their classes.</param>
    /// <param name="outOfDomain">The out-of-domain points, drawn in red.</param>
    public static void Write(
        string path,
        string title,
        string barLabel,
        IReadOnlyList<double> values,
        IReadOnlyList<MoonPoint> train,
        IReadOnlyList<MoonPoint> outOfDomain)
    {
        var figure = new SurfaceFigure();
        figure.Open(title);
        figure.Image(Left, Top, PlotWidth, PlotHeight, new Surface(values).ToPng(PlotWidth, PlotHeight));
        figure._svg.AppendLine("<g clip-path=\"url(#plot)\">");
        figure.Points(train.Where(point => point.Label == 0), Blue, opacity: 0.5);
        figure.Points(train.Where(point => point.Label == 1), Orange, opacity: 0.5);
        figure.Points(outOfDomain, Red, opacity: 0.15);
        figure._svg.AppendLine("</g>");
        figure.Axes();
        figure.Bar(barLabel);
        figure.Legend();
        figure._svg.AppendLine("</svg>");
        File.WriteAllText(path, figure._svg.ToString());
    }

    private static double PlotX(double x) => Left + (x - MoonsData.MinX) / (MoonsData.MaxX - MoonsData.MinX) * PlotWidth;

    private static double PlotY(double y)
        => Top + (MoonsData.MaxY - y) / (MoonsData.MaxY - MoonsData.MinY) * PlotHeight;

    private void Open(string title)
    {
        _svg.AppendLine(
            Invariant,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" "
            + $"viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">");
        Line($"<title>{Escape(title)}</title>");
        Line($"<clipPath id=\"plot\"><rect x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\"/></clipPath>");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        Text(Left + PlotWidth / 2.0, Top - 16, title, size: 16);
    }

    private void Image(double x, double y, int width, int height, byte[] png)
        => _svg.AppendLine(
            Invariant,
            $"<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" "
            + $"href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    private void Points(IEnumerable<MoonPoint> points, string color, double opacity)
    {
        Line($"<g fill=\"{color}\" fill-opacity=\"{opacity}\">");
        foreach (MoonPoint point in points)
            Line($"<circle cx=\"{PlotX(point.X):0.#}\" cy=\"{PlotY(point.Y):0.#}\" r=\"3.5\"/>");
        _svg.AppendLine("</g>");
    }

    private void Axes()
    {
        Frame(Left, PlotWidth);
        for (int x = -3; x <= 3; x++)
        {
            Tick(PlotX(x), Top + PlotHeight, 0, 5);
            Text(PlotX(x), Top + PlotHeight + 20, Number(x));
        }

        for (int y = -2; y <= 2; y++)
        {
            Tick(Left, PlotY(y), -5, 0);
            Text(Left - 9, PlotY(y) + 4.5, Number(y), anchor: "end");
        }

        Text(Left + PlotWidth / 2.0, Top + PlotHeight + 40, "x");
        Text(20, Top + PlotHeight / 2.0, "y", rotated: true);
    }

    private void Bar(string label)
    {
        var shades = new byte[256];
        for (int i = 0; i < shades.Length; i++)
            shades[i] = (byte)(255 - i);
        Image(BarLeft, Top, BarWidth, PlotHeight, PngEncoder.Encode(shades, 1, ColorMap.Palette()));
        Frame(BarLeft, BarWidth);
        for (int i = 0; i <= 5; i++)
        {
            double y = Top + PlotHeight * (1 - i / 5.0);
            Tick(BarLeft + BarWidth, y, 5, 0);
            Text(BarLeft + BarWidth + 9, y + 4.5, (i / 5.0).ToString("0.0", Invariant), anchor: "start");
        }

        Text(BarLeft + BarWidth + 52, Top + PlotHeight / 2.0, label, rotated: true);
    }

    private void Legend()
    {
        (string Color, string Name, int X)[] entries =
            [(Blue, "class 0", 170), (Orange, "class 1", 270), (Red, "out-of-domain", 370)];
        foreach ((string color, string name, int x) in entries)
        {
            Line($"<circle cx=\"{x}\" cy=\"{Height - 18}\" r=\"4.5\" fill=\"{color}\" fill-opacity=\"0.8\"/>");
            Text(x + 10, Height - 13.5, name, anchor: "start");
        }
    }

    private void Frame(double x, double width)
        => Line($"<rect x=\"{x}\" y=\"{Top}\" width=\"{width}\" height=\"{PlotHeight}\" fill=\"none\" stroke=\"#222\"/>");

    private void Tick(double x, double y, double dx, double dy)
        => Line($"<path d=\"M{x:0.##} {y:0.##}l{dx} {dy}\" stroke=\"#222\"/>");

    private void Text(
        double x, double y, string text, string anchor = "middle", int size = 13, bool rotated = false)
    {
        string turn = rotated ? string.Create(Invariant, $" transform=\"rotate(-90 {x:0.##} {y:0.##})\"") : "";
        Line($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" font-size=\"{size}\"{turn}>{Escape(text)}</text>");
    }

    private static string Number(int value) => value < 0 ? $"−{-value}" : $"{value}";

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);

    private void Line(FormattableString line) => _svg.AppendLine(line.ToString(Invariant));
}
