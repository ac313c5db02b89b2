using System;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Data;

public interface IMultiStreamSource
{
    int Count { get; }

    string GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}

public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths) => _paths = (paths ?? []).SelectMany(Expand).ToArray();

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[index];

    public Stream Open(int index) => File.OpenRead(_paths[index]);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    internal static string[] Expand(string path)
    {
        if (path == null || !path.Contains('*'))
            return path == null ? [] : [path];
        var directory = Path.GetDirectoryName(path);
        return Directory.Exists(directory is "" ? "." : directory)
            ? Directory.GetFiles(directory is "" ? "." : directory, Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray() : [];
    }
}
