using System.Buffers.Binary;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly long[] Extremes =
    [
        0, -1, 1, 127, 128, 255, 256, 32767, 65535, 65536, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    public static long Extreme(Random random) => Extremes[random.Next(Extremes.Length)];

    /// <param name="bytes">A valid file; it is left as it is.</param>
    /// <param name="other">Another valid file, for splices.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        var copy = bytes.ToList();
        for (var change = Math.Max(1, random.Next(-3, 5)); change > 0 && copy.Count > 0; change--)
            Change(copy, other, random);
        return [.. copy];
    }

    private static void Change(List<byte> bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0: bytes.RemoveRange(at, length); break;
            case 1: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 2: bytes.RemoveRange(at, bytes.Count - at); break;
            case 3: Splice(bytes, at, other, random); break;
            case 4: Write(bytes, at, random); break;
            case 5: bytes.InsertRange(at, Varint((ulong)Extreme(random))); break;
            case 6 or 7: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            default: bytes[at] = (byte)random.Next(256); break;
        }
    }

    private static void Splice(List<byte> bytes, int at, byte[] other, Random random)
    {
        var from = random.Next(other.Length);
        bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 400), other.Length - from)).ToArray());
    }

    private static void Write(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Extreme(random));
        var size = random.Next(2) == 0 ? 4 : 8;
        for (var i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
