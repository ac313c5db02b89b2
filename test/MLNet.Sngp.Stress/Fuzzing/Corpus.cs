using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>The valid files that mutations start from: small models of every kind, kept in Corpus/valid.</summary>
internal static class Corpus
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>The ONNX files by name, in a fixed order.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Onnx() =>
    [
        .. Directory.GetFiles(Path.Combine(Folder, "valid"), "*.onnx").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadAllBytes(file)))
    ];

    /// <summary>The same models as ML.NET saves them. Made anew each time, because ML.NET's format is ML.NET's.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Zips()
    {
        var context = new MLContext(seed: 1);
        return [.. Onnx().Select(file => (file.Name, Zip(context, file.Bytes)))];
    }

    private static byte[] Zip(MLContext context, byte[] onnx)
    {
        using var transformer = context.Sngp().LoadOnnx(new MemoryStream(onnx));
        using var zip = new MemoryStream();
        context.Model.Save(transformer, FeatureTable.Create(context, transformer, 0).Schema, zip);
        return zip.ToArray();
    }
}

/// <summary>Tables with nothing but the features of a model.</summary>
internal static class FeatureTable
{
    public static IDataView Create(MLContext context, UncertaintyTransformer transformer, int rows)
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
