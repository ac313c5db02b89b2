using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNet.Sngp.Persistence;

/// <summary>Reads the ONNX models out of a zip file of ML.NET, and refuses files that are not what they say, before ML.NET sees
/// them.</summary>
internal static class ModelArchive
{
    /// <summary>A zip file of ML.NET has some ten entries for each transformer.</summary>
    public const int MaximumEntries = 1 << 16;

    /// <summary>Chains of chains this deep are not made by hand; ML.NET goes into them by recursion.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The longest name of an entry, in characters.</summary>
    public const int MaximumNameLength = 1024;

    /// <summary>Real models hardly shrink; files that grow by more than this when they are unpacked were made to fill memory or
    /// disk.</summary>
    public const long LargestGrowth = 200;

    /// <summary>Files may always grow to this many bytes.</summary>
    public const long AlwaysAllowed = 16 << 20;

    private const string OnnxEntry = "OnnxModel";

    /// <summary>The ONNX models in the order in which ML.NET reads them, by the folder they are in.</summary>
    /// <exception cref="ModelFormatException">The stream is not a zip file, or one that must not be unpacked.</exception>
    public static IReadOnlyList<byte[]> ReadOnnxModels(Stream stream)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return ReadOnnxModels(archive, AlwaysAllowed + (LargestGrowth * stream.Length));
        }
        // What ZipArchive throws for damaged headers is not documented; these were seen.
        catch (Exception exception) when (
            exception is InvalidDataException or NotSupportedException or ArgumentException or EndOfStreamException or OverflowException)
        {
            throw new ModelFormatException(
                $"This is not a zip file of ML.NET, or it is damaged ({exception.Message}). Give a file that mlContext.Model.Save wrote.",
                exception);
        }
    }

    private static List<byte[]> ReadOnnxModels(ZipArchive archive, long budget)
    {
        if (archive.Entries.Count > MaximumEntries)
            throw new ModelFormatException(
                $"The zip file has {archive.Entries.Count} entries, more than {MaximumEntries}. Do not use this file.");
        var models = new List<(string Folder, byte[] Onnx)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.Replace('\\', '/');
            Refuse(name);
            // Which of two would be read is not for the file to decide.
            if (!names.Add(name))
                throw new ModelFormatException($"The zip file has two entries '{name}'. Do not use this file.");
            if (name.EndsWith("/" + OnnxEntry, StringComparison.Ordinal))
                models.Add((name[..^OnnxEntry.Length], ReadModel(entry, ref budget)));
            else
                Check(entry, ref budget);
        }
        return [.. models.OrderBy(model => model.Folder, StringComparer.Ordinal).Select(model => model.Onnx)];
    }

    private static void Refuse(string name)
    {
        var folders = name.Split('/');
        if (folders.Contains("..") || name.StartsWith('/') || name.AsSpan().ContainsAny(':', '\0'))
            throw new ModelFormatException($"The zip file has an entry '{name}' that points outside of it. Do not use this file.");
        if (name.Length > MaximumNameLength || folders.Length > MaximumDepth)
            throw new ModelFormatException(
                $"The zip file has an entry with a name of {name.Length} characters and {folders.Length} levels; at most "
                + $"{MaximumNameLength} and {MaximumDepth} are read. Do not use this file.");
    }

    private static byte[] ReadModel(ZipArchiveEntry entry, ref long budget)
    {
        using var content = entry.Open();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        var read = content.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        var length = read == prefix.Length ? BinaryPrimitives.ReadInt32LittleEndian(prefix) : -1;
        if (length < 0 || length > budget)
            throw new ModelFormatException(
                $"The entry '{entry.FullName}' says that it holds {length} bytes, which cannot be. The file is damaged.");
        budget -= length;

        // The memory grows with what is really there, not with what the file says.
        using var model = new MemoryStream();
        var buffer = new byte[Math.Min(81920, length)];
        while (model.Length < length)
        {
            var count = content.Read(buffer, 0, (int)Math.Min(buffer.Length, length - model.Length));
            if (count == 0)
                throw new ModelFormatException(
                    $"The entry '{entry.FullName}' says that it holds {length} bytes and ends after {model.Length}. The file is damaged.");
            model.Write(buffer, 0, count);
        }
        if (content.ReadByte() >= 0)
            throw new ModelFormatException(
                $"The entry '{entry.FullName}' says that it holds {length} bytes and holds more. The file is damaged.");
        return model.ToArray();
    }

    private static void Check(ZipArchiveEntry entry, ref long budget)
    {
        using var content = entry.Open();
        using var key = new MemoryStream();
        var buffer = new byte[8192];
        var length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var isKey = ModelKey.IsOne(buffer.AsSpan(0, length));
        for (; length > 0; length = content.Read(buffer))
        {
            budget -= length;
            if (budget < 0)
                throw new ModelFormatException(
                    $"The zip file unpacks to more than {LargestGrowth} times its size (entry '{entry.FullName}'). Do not use this file.");
            if (isKey)
                key.Write(buffer, 0, length);
        }
        if (isKey)
            ModelKey.Check(entry.FullName, key.GetBuffer().AsSpan(0, (int)key.Length));
    }
}
