using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNet.Sngp.Persistence;

/// <summary>Reads the ONNX models out of a zip file of ML.NET, and refuses files that are not what they say.</summary>
internal static class ModelArchive
{
    private const string OnnxEntry = "OnnxModel";

    // Real models hardly shrink; entries that grow more than this when they are unpacked were made to fill memory or disk.
    private const long LargestGrowth = 200;
    private const long AlwaysAllowed = 16 << 20;

    /// <summary>The ONNX models in the order in which ML.NET reads them, by the folder they are in.</summary>
    /// <exception cref="ModelFormatException">The stream is not a zip file, or one that must not be unpacked.</exception>
    public static IReadOnlyList<byte[]> ReadOnnxModels(Stream stream)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var budget = AlwaysAllowed + (LargestGrowth * stream.Length);
            var models = new List<(string Folder, byte[] Onnx)>();
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.Replace('\\', '/');
                Refuse(name);
                if (!name.EndsWith("/" + OnnxEntry, StringComparison.Ordinal))
                    budget -= Skip(entry, budget);
                else
                    models.Add((name[..^OnnxEntry.Length], ReadModel(entry, ref budget)));
            }
            return [.. models.OrderBy(model => model.Folder, StringComparer.Ordinal).Select(model => model.Onnx)];
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException($"This is not a zip file of ML.NET, or it is damaged ({exception.Message}). Give a file that mlContext.Model.Save wrote.", exception);
        }
    }

    private static void Refuse(string name)
    {
        if (name.Split('/').Contains("..") || name.StartsWith('/') || name.Contains(':', StringComparison.Ordinal))
            throw new ModelFormatException($"The zip file has an entry '{name}' that points outside of it. Do not use this file.");
    }

    private static byte[] ReadModel(ZipArchiveEntry entry, ref long budget)
    {
        using var content = entry.Open();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        var read = content.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        var length = read == prefix.Length ? BinaryPrimitives.ReadInt32LittleEndian(prefix) : -1;
        if (length < 0 || length > budget)
            throw new ModelFormatException($"The entry '{entry.FullName}' says that it holds {length} bytes, which cannot be. The file is damaged.");
        budget -= length;

        // The memory grows with what is really there, not with what the file says.
        using var model = new MemoryStream();
        var buffer = new byte[81920];
        while (model.Length < length)
        {
            var count = content.Read(buffer, 0, (int)Math.Min(buffer.Length, length - model.Length));
            if (count == 0)
                throw new ModelFormatException($"The entry '{entry.FullName}' says that it holds {length} bytes and ends after {model.Length}. The file is damaged.");
            model.Write(buffer, 0, count);
        }
        return model.ToArray();
    }

    private static long Skip(ZipArchiveEntry entry, long budget)
    {
        using var content = entry.Open();
        var buffer = new byte[81920];
        var total = 0L;
        while (content.Read(buffer) is var count and > 0)
        {
            total += count;
            if (total > budget)
                throw new ModelFormatException($"The zip file unpacks to more than {LargestGrowth} times its size (entry '{entry.FullName}'). Do not use this file.");
        }
        return total;
    }
}
