using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Changes zip files of ML.NET: their bytes, the entries' names and contents, and the models in them.</summary>
internal static class ZipMutator
{
    private static readonly string[] Names =
    [
        "../outside", "..\\outside", "/etc/outside", "C:\\outside", "a/../../outside", "./Schema", "", "Schema",
        "TransformerChain/Model.key", "x/OnnxModel", "OnnxModel",
        "con", "a\0b", new string('x', 5000), "TransformerChain\\Transform_000\\OnnxModel",
    ];

    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        if (random.Next(3) == 0)
            return ByteMutator.Mutate(bytes, other, random);
        var entries = Read(bytes);
        for (var change = Math.Max(1, random.Next(-3, 4)); change > 0 && entries.Count > 0; change--)
            Change(entries, other, random);
        var changed = Write(entries, random);
        return random.Next(6) switch
        {
            0 => ByteMutator.Mutate(changed, other, random),
            1 => SetDeclaredSize(changed, random),
            2 => changed[..^random.Next(1, Math.Min(changed.Length, 100))],
            _ => changed,
        };
    }

    private static void Change(List<(string Name, byte[] Content)> entries, byte[] other, Random random)
    {
        var at = random.Next(entries.Count);
        var (name, content) = entries[at];
        switch (random.Next(8))
        {
            case 0: entries[at] = (Names[random.Next(Names.Length)], content); break;
            case 1: entries.Add((random.Next(2) == 0 ? name : Names[random.Next(Names.Length)], content)); break;
            case 2: entries.RemoveAt(at); break;
            case 3 when random.Next(16) == 0: entries.Add(("bomb", new byte[random.Next(1, 32) << 20])); break;
            case 4 when IndexOfModel(entries) is var model and >= 0: entries[model] =
                (entries[model].Name, ChangeModel(entries[model].Content, other, random)); break;
            case 5: entries[at] = (name, ByteMutator.Mutate(Read(other)[0].Content, content, random)); break;
            default: entries[at] = (name, content.Length == 0 ? [1] : ByteMutator.Mutate(content, content, random)); break;
        }
    }

    private static int IndexOfModel(List<(string Name, byte[] Content)> entries) =>
        entries.FindIndex(entry => entry.Name.EndsWith("OnnxModel", StringComparison.Ordinal) && entry.Content.Length > 4);

    private static byte[] ChangeModel(byte[] content, byte[] other, Random random)
    {
        var otherEntries = Read(other);
        var otherModel = otherEntries[IndexOfModel(otherEntries)].Content[4..];
        var model = OnnxMutator.TryMutate(content[4..], otherModel, random);
        var length = random.Next(6) == 0 ? (int)ByteMutator.Extreme(random) : model.Length;
        return [.. BitConverter.GetBytes(length), .. model];
    }

    // The sizes that an entry declares stand in its headers.
    private static byte[] SetDeclaredSize(byte[] zip, Random random)
    {
        for (var i = random.Next(zip.Length); i + 30 < zip.Length; i++)
        {
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(i)) switch { 0x04034b50 => 18, 0x02014b50 => 20, _ => -1 };
            if (offset < 0)
                continue;
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(i + offset + (4 * random.Next(2))), (uint)ByteMutator.Extreme(random));
            break;
        }
        return zip;
    }

    private static List<(string Name, byte[] Content)> Read(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return [.. archive.Entries.Select(entry => (entry.FullName, Content(entry)))];
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Write(List<(string Name, byte[] Content)> entries, Random random)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var target = archive.CreateEntry(name.Length == 0 ? "empty" : name, random.Next(2) == 0
                    ? CompressionLevel.Fastest
                    : CompressionLevel.NoCompression).Open();
                target.Write(content);
            }
        }
        return stream.ToArray();
    }
}
