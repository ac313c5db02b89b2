using System.Runtime.InteropServices;

namespace MLNet.Sngp.Data;

/// <summary>Pinned memory that starts at a 64-byte boundary, as libtorch's own does.</summary>
/// <remarks>
/// MKL rounds by the address of an operand. A managed array begins at any multiple of 8 bytes, so the same training would give one of two
/// models by chance.
/// </remarks>
internal sealed class AlignedArray<T> where T : unmanaged
{
    private const int Boundary = 64;

    public AlignedArray(int length)
    {
        var size = Marshal.SizeOf<T>();
        Memory = GC.AllocateUninitializedArray<T>(checked(length + (Boundary / size)), pinned: true);
        Start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(Memory, 0) & (Boundary - 1)) / size;
        Length = length;
    }

    /// <summary>The array that holds the memory, and some more.</summary>
    public T[] Memory { get; }

    /// <summary>Where in <see cref="Memory"/> the boundary is.</summary>
    public int Start { get; }

    public int Length { get; }

    public Span<T> Span => Memory.AsSpan(Start, Length);

    public ref T this[int index] => ref Span[index];
}
