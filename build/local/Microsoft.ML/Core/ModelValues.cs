using System;
using System.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Values of all column types in model files.</summary>
internal static class ModelValues
{
    public static void WriteValue<T>(this BinaryWriter writer, T value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> text: writer.Write(text.ToString()); break;
            case bool x: writer.Write(x); break;
            case sbyte x: writer.Write(x); break;
            case byte x: writer.Write(x); break;
            case short x: writer.Write(x); break;
            case ushort x: writer.Write(x); break;
            case int x: writer.Write(x); break;
            case uint x: writer.Write(x); break;
            case long x: writer.Write(x); break;
            case ulong x: writer.Write(x); break;
            case float x: writer.Write(x); break;
            case double x: writer.Write(x); break;
            case TimeSpan x: writer.Write(x.Ticks); break;
            case DateTime x: writer.Write(x.Ticks); break;
            case DateTimeOffset x: writer.Write(x.DateTime.Ticks); writer.Write(x.Offset.Ticks); break;
            case DataViewRowId x: writer.Write(x.Low); writer.Write(x.High); break;
            default: throw new NotSupportedException($"Values of {typeof(T)} cannot be saved.");
        }
    }

    public static T ReadValue<T>(this BinaryReader reader) => (T)ReadObject(reader, typeof(T));

    public static void WriteVector<T>(this BinaryWriter writer, in VBuffer<T> vector)
    {
        var values = vector.GetValues();
        writer.Write(vector.Length);
        writer.Write(values.Length);
        foreach (var value in values)
            writer.WriteValue(value);
        foreach (var index in vector.GetIndices())
            writer.Write(index);
    }

    public static VBuffer<T> ReadVector<T>(this BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && count <= length, "Corrupt model file");
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = reader.ReadValue<T>();
        var indices = new int[count == length ? 0 : count];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = reader.ReadInt32();
        return new VBuffer<T>(length, count, values, indices);
    }

    internal static object WriteAnnotation<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            VBuffer<T> vector = default;
            annotations.GetGetter<VBuffer<T>>(column)(ref vector);
            writer.WriteVector(vector);
            return null;
        }
        T value = default;
        annotations.GetGetter<T>(column)(ref value);
        writer.WriteValue(value);
        return null;
    }

    internal static object ReadAnnotation<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type)
    {
        if (type is VectorDataViewType)
        {
            var vector = reader.ReadVector<T>();
            annotations.Add(kind, type, (ref VBuffer<T> destination) => vector.CopyTo(ref destination));
            return null;
        }
        var value = reader.ReadValue<T>();
        annotations.Add(kind, type, (ref T destination) => destination = value);
        return null;
    }

    private static object ReadObject(BinaryReader reader, Type type)
    {
        if (type == typeof(ReadOnlyMemory<char>)) return reader.ReadString().AsMemory();
        if (type == typeof(bool)) return reader.ReadBoolean();
        if (type == typeof(sbyte)) return reader.ReadSByte();
        if (type == typeof(byte)) return reader.ReadByte();
        if (type == typeof(short)) return reader.ReadInt16();
        if (type == typeof(ushort)) return reader.ReadUInt16();
        if (type == typeof(int)) return reader.ReadInt32();
        if (type == typeof(uint)) return reader.ReadUInt32();
        if (type == typeof(long)) return reader.ReadInt64();
        if (type == typeof(ulong)) return reader.ReadUInt64();
        if (type == typeof(float)) return reader.ReadSingle();
        if (type == typeof(double)) return reader.ReadDouble();
        if (type == typeof(TimeSpan)) return new TimeSpan(reader.ReadInt64());
        if (type == typeof(DateTime)) return new DateTime(reader.ReadInt64());
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
        if (type == typeof(DataViewRowId)) return new DataViewRowId(reader.ReadUInt64(), reader.ReadUInt64());
        throw new NotSupportedException($"Values of {type} cannot be loaded.");
    }
}
