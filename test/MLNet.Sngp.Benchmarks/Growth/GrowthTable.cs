using System.Globalization;
using MLNet.Sngp.Benchmarks.Comparison;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Growth;

/// <summary>One table: how cost grows with one number while the others stay.</summary>
/// <param name="Title">Above the table.</param>
/// <param name="Symbol">What grows.</param>
/// <param name="Option">The option of <c>work grow</c> that sets it.</param>
/// <param name="Values">From small to large.</param>
/// <param name="Fixed">The options for the others.</param>
/// <param name="MostOwnMegabytes">The goal for the library's own memory; null where there is none.</param>
internal sealed record GrowthTable(
    string Title, string Symbol, string Option, IReadOnlyList<int> Values, string Fixed, double? MostOwnMegabytes = null)
{
    private static readonly (string Heading, string Name, string Format)[] Columns =
    [
        ("set-up s", "setUp", "0.00"),
        ("epoch s", "epoch", "0.00"),
        ("posterior s", "posterior", "0.00"),
        ("scoring rows/s", "scoring", "#,0"),
        ("model MB", "modelMegabytes", "0.0"),
        ("table MB", "tableMegabytes", "0.0"),
        ("peak MB", "peakMegabytes", "0"),
        ("own MB, epochs", "ownInEpochsMegabytes", "0"),
        ("own MB", "ownMegabytes", "0"),
        ("managed MB", "allocatedMegabytes", "0"),
    ];

    /// <summary>Measures and writes the table, then how far the library's own memory is from a goal, where there is one.</summary>
    public void Write(TextWriter output, Contender library, Action<string> note)
    {
        var own = 0.0;
        output.WriteLine();
        output.WriteLine($"### {Title}");
        output.WriteLine();
        output.WriteLine($"| {Symbol} | {string.Join(" | ", Columns.Select(column => column.Heading))} |");
        output.WriteLine("|" + string.Concat(Enumerable.Repeat("---|", Columns.Length + 1)));
        foreach (var value in Values)
        {
            note($"{Symbol} = {value}");
            Measurement point =
                library.Run(ThreadSetting.One, ["grow", Option, value.ToString(CultureInfo.InvariantCulture), .. Fixed.Split(' ')]);
            var cells = Columns.Select(column => point.Details![column.Name].ToString(column.Format, CultureInfo.InvariantCulture));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {value:#,0} | {string.Join(" | ", cells)} |"));
            own = Math.Max(own, point.Details!["ownMegabytes"]);
        }
        if (MostOwnMegabytes is not { } goal)
            return;
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The library's own memory is at most {own:0} MB here (goal ≤ {goal} MB: {(own <= goal ? "met" : "missed")})."));
    }
}
