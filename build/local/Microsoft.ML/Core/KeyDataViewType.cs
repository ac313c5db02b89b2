using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A key: 0 is missing, 1 to <see cref="Count"/> are its values.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count) : base(type)
    {
        Contracts.CheckParam(IsValidDataType(type), nameof(type), "A key is held in a Byte, UInt16, UInt32 or UInt64.");
        Contracts.CheckParam(count != 0 && count <= MaxOf(type), nameof(count), $"A key held in {type.Name} cannot have {count} values.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count) : this(type, (ulong)count)
        => Contracts.CheckParam(count > 0, nameof(count), "A key has at least one value.");

    public ulong Count { get; }

    public static bool IsValidDataType(Type type)
        => type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    internal static ulong MaxOf(Type type)
        => type == typeof(byte) ? byte.MaxValue
            : type == typeof(ushort) ? ushort.MaxValue
            : type == typeof(uint) ? uint.MaxValue
            : type == typeof(ulong) ? ulong.MaxValue : 0;

    public override bool Equals(DataViewType other)
        => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
