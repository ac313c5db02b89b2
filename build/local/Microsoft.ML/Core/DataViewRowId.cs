using System;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row identity; ids are combined by the rounds of MurmurHash3 (128 bits, public domain).</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";

    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId id && Equals(id);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    // The block (1, 0).
    public DataViewRowId Fork()
    {
        var next = Next();
        return new DataViewRowId(next.Low ^ BitOperations.RotateLeft(C1, 31) * C2, next.High);
    }

    // The block (0, 0).
    public DataViewRowId Next() => Mix(Low, High, 0, 0);

    public DataViewRowId Combine(DataViewRowId other)
    {
        var block = other.Fork();
        return Mix(Low, High, BitOperations.RotateLeft(block.Low * C1, 31) * C2, BitOperations.RotateLeft(block.High * C2, 33) * C1);
    }

    private static DataViewRowId Mix(ulong h1, ulong h2, ulong k1, ulong k2)
    {
        h1 = (BitOperations.RotateLeft(h1 ^ k1, 27) + h2) * 5 + 0x52dce729;
        h2 = (BitOperations.RotateLeft(h2 ^ k2, 31) + h1) * 5 + 0x38495ab5;
        return new DataViewRowId(h1, h2);
    }
}
