using Microsoft.ML;

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
