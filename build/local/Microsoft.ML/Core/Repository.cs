using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

namespace Microsoft.ML.Runtime;

/// <summary>Collects the entries of a model file and writes them as a zip archive when all are there.</summary>
internal sealed class RepositoryWriter
{
    private readonly List<(string Path, MemoryStream Content)> _entries = [];
    private readonly HashSet<string> _paths = [];

    public MemoryStream CreateEntry(string directory, string name)
    {
        var path = Repository.PathOf(directory, name);
        Contracts.CheckParam(_paths.Add(path), nameof(name), $"Duplicate entry: '{path}'");
        var content = new MemoryStream();
        _entries.Add((path, content));
        return content;
    }

    public void Commit(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (path, content) in _entries)
        {
            using var target = archive.CreateEntry(path).Open();
            target.Write(content.GetBuffer(), 0, (int)content.Length);
        }
    }
}

internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    public RepositoryReader(Stream stream)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _archive.Entries)
                _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
        catch (Exception ex)
        {
            throw new FormatException("Failed to open a zip archive", ex);
        }
    }

    public MemoryStream OpenEntryOrNull(string directory, string name)
    {
        if (!_entries.TryGetValue(Repository.PathOf(directory, name), out var entry))
            return null;
        using var source = entry.Open();
        var content = new MemoryStream();
        source.CopyTo(content);
        content.Position = 0;
        return content;
    }

    public void Dispose() => _archive.Dispose();
}

internal static class Repository
{
    public const string ModelEntryName = "Model.key";

    public static string PathOf(string directory, string name)
    {
        Contracts.CheckParam(directory == null || !directory.Contains(".."), nameof(directory));
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(name) && !name.Contains(".."), nameof(name));
        return string.IsNullOrEmpty(directory) ? name : $"{directory.Replace('\\', '/')}/{name}";
    }
}
