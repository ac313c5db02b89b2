using Microsoft.ML.Runtime;

namespace MLNet.Sngp;

/// <summary>Trainers, loaders and metrics for predictions that come with their uncertainty. Take it from <c>mlContext.Sngp()</c>.</summary>
public sealed class SngpCatalog
{
    internal SngpCatalog(IHostEnvironment environment) => Environment = environment;

    internal IHostEnvironment Environment { get; }

    /// <summary>Loads a model that <see cref="UncertaintyTransformer.SaveAsOnnx(string)"/> wrote.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <returns>A transformer that gives the same columns; a <see cref="SngpTransformer"/> when the model is an SNGP.</returns>
    /// <exception cref="ModelFormatException">The file is foreign, damaged or of a newer format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public UncertaintyTransformer LoadOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Create(File.ReadAllBytes(path));
    }

    /// <summary>Loads a model that <see cref="UncertaintyTransformer.SaveAsOnnx(Stream)"/> wrote.</summary>
    /// <param name="stream">The bytes of an ONNX file, read to the end; it is left open.</param>
    /// <returns>A transformer that gives the same columns; a <see cref="SngpTransformer"/> when the model is an SNGP.</returns>
    /// <exception cref="ModelFormatException">The bytes are foreign, damaged or of a newer format.</exception>
    public UncertaintyTransformer LoadOnnx(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Create(buffer.ToArray());
    }

    internal UncertaintyTransformer Create(byte[] onnx)
    {
        var model = new UncertaintyModel(onnx);
        return model.Method == SngpTransformer.Method ? new SngpTransformer(Environment, model) : new UncertaintyTransformer(Environment, model);
    }
}
