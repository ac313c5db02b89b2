using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>A seeded split of a table, 70 % to train with, the same share of each class, and rows like none of it.</summary>
internal sealed class TableSplit
{
    private const double TrainShare = 0.7;

    private TableSplit(List<Row> train, List<Row> test, List<Row> novel, int seed)
    {
        var width = train[0].Features.Length;
        Context = new MLContext(seed);
        Train = View(train);
        Test = View(test);
        Novel = novel.Count == 0 ? null : View(novel);
        Noise = View([.. NoiseRows.Create([.. train.Select(row => row.Features)], seed)
            .Select(features => new Row(train[0].Label, features))]);

        IDataView View(List<Row> rows)
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
            return Context.Data.LoadFromEnumerable(rows, schema);
        }
    }

    public MLContext Context { get; }

    public IDataView Train { get; }

    public IDataView Test { get; }

    /// <summary>Each feature on its own: mean of the training rows + their deviation × U(−10, 10).</summary>
    public IDataView Noise { get; }

    /// <summary>The test rows of a class that was left out of training; null when none was.</summary>
    public IDataView? Novel { get; }

    /// <param name="table">The table.</param>
    /// <param name="seed">Decides the split and the noise.</param>
    /// <param name="leftOut">A class to leave out of training and test.</param>
    public static TableSplit Create(CsvTable table, int seed, string? leftOut = null)
    {
        Random random = new(seed);
        List<Row> train = [], test = [];
        foreach (var rows in table.Labels.Zip(table.Features, (label, features) => new Row(label, features))
            .GroupBy(row => row.Label).OrderBy(rows => rows.Key, StringComparer.Ordinal))
        {
            var shuffled = rows.ToArray();
            random.Shuffle(shuffled);
            var count = (int)Math.Round(TrainShare * shuffled.Length);
            train.AddRange(shuffled[..count]);
            test.AddRange(shuffled[count..]);
        }
        Impute(train, [.. train, .. test]);
        return new([.. train.Where(row => row.Label != leftOut)], [.. test.Where(row => row.Label != leftOut)],
            [.. test.Where(row => row.Label == leftOut)], seed);
    }

    private static void Impute(List<Row> train, List<Row> all)
    {
        for (var j = 0; j < train[0].Features.Length; j++)
        {
            var known = train.Select(row => row.Features[j]).Where(float.IsFinite).DefaultIfEmpty(0).Average();
            foreach (var row in all.Where(row => !float.IsFinite(row.Features[j])))
                row.Features[j] = known;
        }
    }

    public sealed record Row(string Label, float[] Features)
    {
        // For ML.NET, which makes objects first.
        public Row() : this("", [])
        {
        }
    }
}
