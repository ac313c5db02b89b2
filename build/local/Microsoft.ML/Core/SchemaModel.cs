using System;
using System.IO;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Types, values and schemas in model files.</summary>
internal static class SchemaModel
{
    public static void WriteType(this BinaryWriter writer, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        writer.Write(vector?.Dimensions.Length ?? 0);
        foreach (var dimension in vector?.Dimensions ?? [])
            writer.Write(dimension);
        var item = type.GetItemType();
        writer.Write((byte)(item is RowIdDataViewType ? 0 : ColumnTypes.KindOf(item.RawType)));
        writer.Write(item is KeyDataViewType key ? key.Count : 0);
    }

    public static DataViewType ReadType(this BinaryReader reader)
    {
        var rank = reader.ReadInt32();
        Contracts.CheckDecode(rank is >= 0 and < 1000, "Corrupt model file");
        var dimensions = Enumerable.Range(0, rank).Select(_ => reader.ReadInt32()).ToArray();
        var kind = reader.ReadByte();
        var keyCount = reader.ReadUInt64();
        Contracts.CheckDecode(kind == 0 || Enum.IsDefined((DataKind)kind), "Corrupt model file");
        PrimitiveDataViewType item = kind == 0 ? RowIdDataViewType.Instance : ColumnTypes.FromKind((DataKind)kind);
        if (keyCount > 0)
            item = new KeyDataViewType(item.RawType, keyCount);
        return rank == 0 ? item : new VectorDataViewType(item, dimensions);
    }

    public static void WriteSchema(this BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            writer.WriteType(column.Type);
            writer.Write(column.Annotations.Schema.Count);
            foreach (var annotation in column.Annotations.Schema)
            {
                writer.Write(annotation.Name);
                writer.WriteType(annotation.Type);
                Generic.CallStatic<object>(typeof(ModelValues), nameof(ModelValues.WriteAnnotation), annotation.Type.GetItemType().RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema ReadSchema(this BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        for (var columns = reader.ReadInt32(); columns > 0; columns--)
        {
            var name = reader.ReadString();
            var type = reader.ReadType();
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var kinds = reader.ReadInt32(); kinds > 0; kinds--)
            {
                var kind = reader.ReadString();
                var kindType = reader.ReadType();
                Generic.CallStatic<object>(typeof(ModelValues), nameof(ModelValues.ReadAnnotation), kindType.GetItemType().RawType, reader, annotations, kind, kindType);
            }
            builder.AddColumn(name, type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }
}
