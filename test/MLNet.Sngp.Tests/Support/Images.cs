using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Small noisy images of classes that differ by where a bright square lies.</summary>
internal static class Images
{
    public const int NumberOfClasses = 3;

    public static readonly long[] Shape = [1, 8, 8];

    /// <param name="count">How many.</param>
    /// <param name="seed">Fixes the noise.</param>
    /// <param name="scale">What pixels are multiplied by.</param>
    /// <param name="offset">What is added to them then.</param>
    public static Row[] Rows(int count, int seed = 1, float scale = 1, float offset = 0)
    {
        var random = new SeededRandom(seed, RandomPurpose.RowOrder);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Label = FormattableString.Invariant($"class {i % NumberOfClasses}"),
            IsFirst = i % NumberOfClasses == 0,
            Features = [.. Enumerable.Range(0, 64).Select(pixel => offset + (scale * ((0.3f * (float)random.NextGaussian())
                + (IsBright(i % NumberOfClasses, pixel / 8, pixel % 8) ? 1 : 0))))],
        })];
    }

    /// <summary>A table whose feature column states the dimensions of an image.</summary>
    public static IDataView Table(MLContext ml, IEnumerable<Row> rows, params int[] dimensions)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType =
            new VectorDataViewType(NumberDataViewType.Single, dimensions.Length > 0 ? dimensions : [1, 8, 8]);
        var data = ml.Data.LoadFromEnumerable(rows, definition);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>The rows as a network is trained on them.</summary>
    public static TrainingTable Training(int count, int seed = 1)
    {
        var table = new TrainingTable(64, hasWeights: false, count);
        foreach (var (row, i) in Rows(count, seed).Select((row, i) => (row, i)))
        {
            row.Features.CopyTo(table.NextRow());
            table.Keep(i % NumberOfClasses, 1);
        }
        return table;
    }

    private static bool IsBright(int label, int y, int x) => y / 4 == label / 2 && x / 4 == label % 2;

    internal sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool IsFirst { get; set; }
    }
}
