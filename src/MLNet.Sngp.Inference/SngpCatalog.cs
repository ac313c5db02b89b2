using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Persistence;

namespace MLNet.Sngp;

/// <summary>Trainers, loaders and metrics for predictions that come with their uncertainty. Take it from <c>mlContext.Sngp()</c>.</summary>
public sealed class SngpCatalog
{
    internal SngpCatalog(MLContext context) => Context = context;

    internal IHostEnvironment Environment => Context;

    internal MLContext Context { get; }

    /// <summary>Loads a model that <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/> wrote.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <returns>A transformer that gives the same columns.</returns>
    /// <exception cref="ModelFormatException">The file is foreign, damaged or of a newer format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SngpTransformer LoadOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Create(File.ReadAllBytes(path));
    }

    /// <summary>Loads a model that <see cref="SngpTransformer.SaveAsOnnx(Stream, bool)"/> wrote.</summary>
    /// <param name="stream">The bytes of an ONNX file, read to the end; it is left open.</param>
    /// <returns>A transformer that gives the same columns.</returns>
    /// <exception cref="ModelFormatException">The bytes are foreign, damaged or of a newer format.</exception>
    public SngpTransformer LoadOnnx(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Create(buffer.ToArray());
    }

    /// <summary>
    /// Loads a model that <c>mlContext.Model.Save</c> wrote, as <c>mlContext.Model.Load</c> does, but with transformers of this library
    /// that score in batches where ML.NET's own would score row by row.
    /// </summary>
    /// <param name="path">The zip file.</param>
    /// <param name="inputSchema">The columns that the model was saved for; <see langword="null"/> when the file does not hold them.</param>
    /// <returns>The model. When the file holds no model of this library: what <c>mlContext.Model.Load</c> gives, and a warning in the
    /// log.</returns>
    /// <exception cref="ModelFormatException">The file is foreign or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ITransformer Load(string path, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Load(stream, out inputSchema);
    }

    /// <inheritdoc cref="Load(string, out DataViewSchema)"/>
    /// <param name="stream">The bytes of a zip file, from the current position; it is left open. A stream that cannot seek is read into
    /// memory.</param>
    /// <param name="inputSchema">The columns that the model was saved for; <see langword="null"/> when the file does not hold them.</param>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek && stream.Position == 0)
            return BatchingLoader.Load(this, Context, stream, out inputSchema);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        buffer.Position = 0;
        return BatchingLoader.Load(this, Context, buffer, out inputSchema);
    }

    // Without a host of its own: making one draws from the context's random numbers, and a warning must not change a training.
    internal void Warn(string phase, string message)
    {
        using var channel = Environment.Start(phase);
        channel.Warning(MessageSensitivity.None, message);
    }

    internal void WarnOfUnscored(string phase, int count, string what)
    {
        if (count > 0)
            Warn(phase, string.Create(CultureInfo.InvariantCulture,
                $"{what}: {count} left out. Replace missing feature values with Transforms.ReplaceMissingValues before scoring."));
    }

    internal SngpTransformer Create(byte[] onnx) => new(Environment, new UncertaintyModel(onnx));
}
