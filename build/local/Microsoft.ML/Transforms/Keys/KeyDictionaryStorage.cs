using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Writes key dictionaries into model files and reads them back.</summary>
internal static class KeyDictionaryStorage
{
    private const byte NotAKey = 0, Key = 1;

    private static readonly Dictionary<Type, (Action<BinaryWriter, object> Write, Func<BinaryReader, object> Read)> Formats = new()
    {
        [typeof(sbyte)] = ((w, v) => w.Write((sbyte)v), r => r.ReadSByte()),
        [typeof(byte)] = ((w, v) => w.Write((byte)v), r => r.ReadByte()),
        [typeof(short)] = ((w, v) => w.Write((short)v), r => r.ReadInt16()),
        [typeof(ushort)] = ((w, v) => w.Write((ushort)v), r => r.ReadUInt16()),
        [typeof(int)] = ((w, v) => w.Write((int)v), r => r.ReadInt32()),
        [typeof(uint)] = ((w, v) => w.Write((uint)v), r => r.ReadUInt32()),
        [typeof(long)] = ((w, v) => w.Write((long)v), r => r.ReadInt64()),
        [typeof(ulong)] = ((w, v) => w.Write((ulong)v), r => r.ReadUInt64()),
        [typeof(float)] = ((w, v) => w.Write((float)v), r => r.ReadSingle()),
        [typeof(double)] = ((w, v) => w.Write((double)v), r => r.ReadDouble()),
        [typeof(bool)] = ((w, v) => w.Write((bool)v), r => r.ReadBoolean()),
        [typeof(ReadOnlyMemory<char>)] = ((w, v) => w.Write(v.ToString()), r => r.ReadString().AsMemory()),
        [typeof(TimeSpan)] = ((w, v) => w.Write(((TimeSpan)v).Ticks), r => new TimeSpan(r.ReadInt64())),
        [typeof(DateTime)] = ((w, v) => w.Write(((DateTime)v).ToBinary()), r => DateTime.FromBinary(r.ReadInt64())),
        [typeof(DateTimeOffset)] = ((w, v) =>
        {
            w.Write(((DateTimeOffset)v).Ticks);
            w.Write(((DateTimeOffset)v).Offset.Ticks);
        }, r => new DateTimeOffset(r.ReadInt64(), new TimeSpan(r.ReadInt64()))),
        [typeof(DataViewRowId)] = ((w, v) =>
        {
            w.Write(((DataViewRowId)v).Low);
            w.Write(((DataViewRowId)v).High);
        }, r => new DataViewRowId(r.ReadUInt64(), r.ReadUInt64())),
    };

    public static void Write(BinaryWriter writer, KeyDictionary dictionary)
    {
        var type = dictionary.ItemType;
        writer.Write(type is KeyDataViewType ? Key : NotAKey);
        if (type is KeyDataViewType key)
            writer.Write(key.Count);
        writer.Write(type.RawType == typeof(DataViewRowId) ? (byte)0 : (byte)ColumnTypes.KindOf(type.RawType));
        writer.Write(dictionary.Count);
        Generic.CallStatic<object>(typeof(KeyDictionaryStorage), nameof(WriteValues), type.RawType, writer, dictionary);
    }

    public static KeyDictionary Read(BinaryReader reader)
    {
        byte mark = reader.ReadByte();
        Contracts.CheckDecode(mark is NotAKey or Key, "Corrupt model file");
        ulong keys = mark == Key ? reader.ReadUInt64() : 0;
        byte kind = reader.ReadByte();
        Contracts.CheckDecode(kind == 0 || Enum.IsDefined((DataKind)kind), "Corrupt model file");
        var type = kind == 0 ? RowIdDataViewType.Instance : ColumnTypes.FromKind((DataKind)kind);
        if (mark == Key)
            type = new KeyDataViewType(type.RawType, keys);
        var dictionary = KeyDictionary.Create(type);
        int count = reader.ReadInt32();
        Generic.CallStatic<object>(typeof(KeyDictionaryStorage), nameof(ReadValues), type.RawType, reader, dictionary, count);
        Contracts.CheckDecode(dictionary.Count == count, "Corrupt model file");
        return dictionary;
    }

    private static void WriteValues<T>(BinaryWriter writer, KeyDictionary dictionary)
    {
        foreach (var value in ((KeyDictionary<T>)dictionary).Values)
            Formats[typeof(T)].Write(writer, value);
    }

    private static void ReadValues<T>(BinaryReader reader, KeyDictionary dictionary, int count)
    {
        for (int i = 0; i < count; i++)
            ((KeyDictionary<T>)dictionary).TryAdd((T)Formats[typeof(T)].Read(reader));
    }
}
