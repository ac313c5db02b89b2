using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tool.Reporting;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Scores a table row after row into a CSV file; what cannot be scored goes to another file with the reason.</summary>
internal sealed class TableScoring(Terminal terminal, ModelFile model, TableFile table, string output)
{
    private const int ProgressEvery = 4096;

    /// <summary>Gets the file of rejected rows, written only when there are some.</summary>
    public string RejectedPath { get; } = RejectedPathOf(output);

    public long Scored { get; private set; }

    public long Rejected { get; private set; }

    public double RowsPerSecond { get; private set; }

    public static string RejectedPathOf(string output) => Path.ChangeExtension(output, ".rejected.csv");

    /// <summary>Writes both files; when cancelled, whole rows up to there.</summary>
    public void Run(CancellationToken cancellation)
    {
        var columns = model.Card.ColumnsOf(table);
        WriteRejected(table.FindRejected(columns, cancellation));
        var source = new RowSource(model.Context, table, columns) { AsText = columns };
        var scored = model.Transformer.Transform(source.Load());
        terminal.WithProgress("scoring", move => Write(scored, columns, terminal.ShowsProgress ? source.Count() : 1, move, cancellation));
    }

    private void Write(
        IDataView scored, List<ColumnPlan> columns, long count, Action<double, string> move, CancellationToken cancellation)
    {
        var results = ResultColumn.Of(scored.Schema, model);
        using var cursor = scored.GetRowCursor(scored.Schema.Where(column =>
            results.Any(result => result.Column.Index == column.Index)
                || column.Name.StartsWith(RowSource.TextName(0)[..^1], StringComparison.Ordinal)));
        var texts = columns.Select((_, i) => cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema[RowSource.TextName(i)])).ToArray();
        var writers = results.Select(result => result.Writer(cursor)).ToArray();
        using var file = new StreamWriter(output);
        file.WriteLine(
            string.Join(',', columns.Select(column => Csv.Field(column.Name)).Concat(results.SelectMany(result => result.Headers))));
        var clock = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested && cursor.MoveNext())
        {
            ReadOnlyMemory<char> text = default;
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i](ref text);
                file.Write(i > 0 ? "," : "");
                file.Write(Csv.Field(text.ToString()));
            }
            foreach (var writer in writers)
                writer(file);
            file.WriteLine();
            if (++Scored % ProgressEvery == 0)
                move((double)Scored / count, string.Create(CultureInfo.InvariantCulture, $"{Rate(clock):#,0} rows/s"));
        }
        RowsPerSecond = Rate(clock);
    }

    private double Rate(Stopwatch clock) => Scored / Math.Max(clock.Elapsed.TotalSeconds, 1e-9);

    private void WriteRejected(IReadOnlyList<RejectedRow> rejected)
    {
        Rejected = rejected.Count;
        // Those of an earlier run would be taken for this one's.
        File.Delete(RejectedPath);
        if (rejected.Count == 0)
            return;
        using var file = new StreamWriter(RejectedPath);
        file.WriteLine("line,column,reason,row");
        foreach (var row in rejected)
            file.WriteLine(string.Join(',', row.Line?.ToString(CultureInfo.InvariantCulture) ?? "", Csv.Field(row.Column),
                Csv.Field(row.Reason), Csv.Field(row.Content)));
    }
}
