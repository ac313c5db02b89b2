using Microsoft.ML;
using Microsoft.ML.Data;
using TwoMoons;

namespace MLNet.Sngp.Benchmarks.Data;

/// <summary>The tables that are trained on and scored.</summary>
internal static class Tables
{
    /// <summary>The tutorial's 1,000 training points, or as many as asked.</summary>
    public static IDataView Moons(MLContext context, int rows = 2 * MoonsData.PointsPerMoon)
    {
        var points = Enumerable.Range(1, (rows - 1) / (2 * MoonsData.PointsPerMoon) + 1).SelectMany(MoonsData.Train).Take(rows);
        return Load(context, [.. points.Select(Row)], 2, 2);
    }

    /// <summary>The tutorial's grid of 10,000 points.</summary>
    public static FeatureRow[] Grid() => [.. MoonsData.Grid().Select(Row)];

    /// <summary>Points all over the grid's rectangle.</summary>
    public static FeatureRow[] Points(int rows)
    {
        var random = new TwoMoons.SeededRandom(1, 9);
        return [.. Enumerable.Range(0, rows).Select(_ => new FeatureRow
        {
            Features = [Between(MoonsData.MinX, MoonsData.MaxX), Between(MoonsData.MinY, MoonsData.MaxY)],
        })];

        float Between(double minimum, double maximum) => (float)(minimum + (maximum - minimum) * random.NextUniform());
    }

    /// <summary>Rows that exist only while they are read: the table takes no memory of its own.</summary>
    /// <remarks>Features are uniform with variance 1; the class is that of the first feature's interval, one of K alike.</remarks>
    public static IDataView Generated(MLContext context, int rows, int features, int classes) =>
        Load(context, new GeneratedRows(rows, features, classes), features, classes);

    /// <summary>A table with a row count, as a loader of ML.NET over something in memory gives it.</summary>
    public static IDataView Load(MLContext context, IEnumerable<FeatureRow> rows, int features, int classes) =>
        context.Data.LoadFromEnumerable(rows, Schema(features, classes));

    /// <summary>The columns of <see cref="FeatureRow"/> for d features and K classes.</summary>
    public static SchemaDefinition Schema(int features, int classes)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        schema[nameof(FeatureRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return schema;
    }

    private static FeatureRow Row(MoonPoint point) => new() { Features = [point.X, point.Y], Label = (uint)point.Label };
}
