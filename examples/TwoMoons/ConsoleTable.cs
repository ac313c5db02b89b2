using System.Globalization;

namespace TwoMoons;

/// <summary>Rows of right-aligned cells under their headings, printed one at a time.</summary>
internal sealed class ConsoleTable(params (string Heading, string Format)[] columns)
{
    private readonly int[] _widths = [.. columns.Select(column => Math.Max(column.Heading.Length, 7))];

    public void WriteHeadings()
    {
        WriteCells(columns.Select(column => column.Heading));
        WriteCells(_widths.Select(width => new string('-', width)));
    }

    /// <summary>A string is printed as it is, a number in its column's format.</summary>
    public void WriteRow(params object[] cells)
        => WriteCells(cells.Select((cell, i) => cell is IFormattable number
            ? number.ToString(columns[i].Format, CultureInfo.InvariantCulture)
            : cell.ToString()!));

    private void WriteCells(IEnumerable<string> cells)
        => Console.WriteLine(string.Join("  ", cells.Select((cell, i) => cell.PadLeft(_widths[i]))));
}
