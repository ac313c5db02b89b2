using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace TwoMoons;

/// <summary>Writes images with a palette of 256 colours as PNG (ISO/IEC 15948).</summary>
internal static class PngEncoder
{
    private const byte IndexedColor = 3, BitsPerIndex = 8, SubFilter = 1;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <param name="indices">Palette indices, row by row from the top, as many as width times height.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="palette">Red, green and blue of each colour.</param>
    public static byte[] Encode(ReadOnlySpan<byte> indices, int width, ReadOnlySpan<byte> palette)
    {
        int height = indices.Length / width;
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = BitsPerIndex;
        header[9] = IndexedColor;

        using var png = new MemoryStream();
        png.Write(Signature);
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "PLTE", palette);
        WriteChunk(png, "IDAT", Compress(indices, width));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>Each row as differences from the pixel to the left, which are small on a smooth surface.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> indices, int width)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
        {
            var row = new byte[1 + width];
            row[0] = SubFilter;
            for (int start = 0; start < indices.Length; start += width)
            {
                for (int x = 0; x < width; x++)
                    row[1 + x] = (byte)(indices[start + x] - (x == 0 ? 0 : indices[start + x - 1]));
                zlib.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(Stream png, string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        png.Write(chunk);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }

        return ~crc;
    }
}
