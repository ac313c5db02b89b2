using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Tables with nothing but the features of a model.</summary>
internal static class FeatureTable
{
    public static IDataView Create(MLContext context, SngpTransformer transformer, int rows)
    {
        var definition = SchemaDefinition.Create(typeof(FeatureRow));
        definition[0].ColumnName = transformer.FeatureColumnName;
        definition[0].ColumnType = transformer.FeatureColumnType;
        var width = transformer.Model.NumberOfFeatures;
        var table = Enumerable.Range(0, rows).Select(row => new FeatureRow { Features = Values(row, width) }).ToList();
        return context.Data.LoadFromEnumerable(table, definition);
    }

    private static float[] Values(int row, int width)
    {
        var values = new float[width];
        for (var i = 0; i < width; i++)
            values[i] = MathF.Sin(row + (0.7f * i));
        return values;
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}
