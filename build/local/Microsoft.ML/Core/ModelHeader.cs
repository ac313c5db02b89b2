using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The frame of an entry "Model.key", laid out as ML.NET does: 256 bytes that say where things are, what the model wrote, its strings, the
/// name of the loader's assembly, and a mark at the end.
/// </summary>
internal static class ModelHeader
{
    private const ulong Mark = 0x4C45444F4D004C4D;
    private const ulong TailMark = 0x4D4C004D4F44454C;
    private const uint Version = 0x00010002;
    private const int Size = 256;
    private const int SignatureLength = 24;

    public static byte[] Write(byte[] body, IReadOnlyList<string> strings, string signature, string assembly)
    {
        Contracts.Check(signature.Length <= SignatureLength, "A loader's signature has at most 24 characters.");
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var characters = Encoding.Unicode.GetBytes(string.Concat(strings));
        long table = strings.Count == 0 ? 0 : Size + body.Length;
        long afterStrings = Size + body.Length + (8L * strings.Count) + characters.Length;
        var name = Encoding.Unicode.GetBytes(assembly);
        long tail = afterStrings + name.Length;
        writer.Write(Mark);
        writer.Write(Version);
        writer.Write(Version);
        foreach (var place in new[] { Size, body.Length, table, 8L * strings.Count, table == 0 ? 0 : table + (8L * strings.Count), characters.Length })
            writer.Write(place);
        writer.Write(0UL);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(Encoding.ASCII.GetBytes(signature.PadRight(2 * SignatureLength, '\0')));
        writer.Write(tail);
        writer.Write(tail + sizeof(ulong));
        writer.Write(afterStrings);
        writer.Write((uint)name.Length);
        writer.Write(new byte[Size - stream.Length]);
        writer.Write(body);
        long end = 0;
        foreach (var text in strings)
            writer.Write(end += 2 * text.Length);
        writer.Write(characters);
        writer.Write(name);
        writer.Write(TailMark);
        return stream.ToArray();
    }

    public static (string Signature, string Assembly, MemoryStream Body, string[] Strings) Read(Stream entry)
    {
        using var reader = new BinaryReader(entry);
        Contracts.CheckDecode(reader.ReadUInt64() == Mark, "Wrong file type");
        Contracts.CheckDecode(reader.ReadUInt32() == Version && reader.ReadUInt32() == Version, "Corrupt file header");
        var places = new long[6];
        for (int i = 0; i < places.Length; i++)
            places[i] = reader.ReadInt64();
        reader.ReadBytes(16);
        var signature = Encoding.ASCII.GetString(reader.ReadBytes(2 * SignatureLength)).TrimEnd('\0');
        long tail = reader.ReadInt64();
        long limit = reader.ReadInt64();
        long nameAt = reader.ReadInt64();
        uint nameLength = reader.ReadUInt32();
        Contracts.CheckDecode(places[0] == Size && tail == nameAt + nameLength && limit == tail + sizeof(ulong) && limit <= entry.Length, "Corrupt file header");
        var body = Slice(reader, Size, places[1]);
        var strings = ReadStrings(reader, places);
        var assembly = Encoding.Unicode.GetString(Slice(reader, nameAt, nameLength));
        Contracts.CheckDecode(BitConverter.ToUInt64(Slice(reader, tail, sizeof(ulong))) == TailMark, "Corrupt model file tail");
        return (signature, assembly, new MemoryStream(body), strings);
    }

    private static string[] ReadStrings(BinaryReader reader, long[] places)
    {
        var ends = Slice(reader, places[2], places[3]);
        var characters = Encoding.Unicode.GetString(Slice(reader, places[4], places[5]));
        var strings = new string[ends.Length / sizeof(long)];
        int start = 0;
        for (int i = 0; i < strings.Length; i++)
        {
            long end = BitConverter.ToInt64(ends, i * sizeof(long)) / 2;
            Contracts.CheckDecode(start <= end && end <= characters.Length, "Corrupt file header");
            strings[i] = characters[start..(int)end];
            start = (int)end;
        }
        return strings;
    }

    private static byte[] Slice(BinaryReader reader, long from, long length)
    {
        Contracts.CheckDecode(from >= 0 && length >= 0 && length <= reader.BaseStream.Length && from <= reader.BaseStream.Length - length, "Corrupt file header");
        reader.BaseStream.Position = from;
        return reader.ReadBytes((int)length);
    }
}
