using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Benchmarks.RealTables;

namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary>A seeded split of a regression table, 70 % to train with, and rows like none of it.</summary>
internal sealed class RegressionSplit
{
    private const double TrainShare = 0.7;

    private RegressionSplit(Row[] train, Row[] test, int seed)
    {
        Context = new MLContext(seed);
        (Train, Test) = (train, test);
        Noise = [.. NoiseRows.Create([.. train.Select(row => row.Features)], seed).Select(features => new Row(0, features))];
    }

    public MLContext Context { get; }

    public Row[] Train { get; }

    public Row[] Test { get; }

    public Row[] Noise { get; }

    /// <summary>Reads a file without a header, label last; text becomes a column for each category.</summary>
    public static Row[] Read(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Where(line => line.Trim().Length > 0).Select(line => line.Split(','))];
        var columns = Enumerable.Range(0, rows[0].Length - 1).Select(column => CsvTable.Encode([.. rows.Select(row => row[column])]))
            .ToArray();
        return [.. rows.Select((row, i) => new Row(float.Parse(row[^1], CultureInfo.InvariantCulture),
            [.. columns.SelectMany(column => column[i])]))];
    }

    public static RegressionSplit Create(Row[] table, int seed)
    {
        Row[] shuffled = [.. table];
        new Random(seed).Shuffle(shuffled);
        var count = (int)Math.Round(TrainShare * shuffled.Length);
        return new(shuffled[..count], shuffled[count..], seed);
    }

    public IDataView View(Row[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Train[0].Features.Length);
        return Context.Data.LoadFromEnumerable(rows, schema);
    }

    public sealed record Row(float Label, float[] Features)
    {
        // For ML.NET, which makes objects first.
        public Row() : this(0, [])
        {
        }
    }
}
