using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to the values in their column's KeyValues annotation; a missing key gives a missing value.</summary>
[LoadableClass(Signature)]
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    private const string Signature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        var names = input.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type;
        Contracts.Check(names != null, "Metadata KeyValues does not exist");
        var key = input.Type.GetItemType() as KeyDataViewType;
        ulong size = names is VectorDataViewType vector ? (ulong)vector.Size : 0;
        Contracts.Check(size == (key?.Count ?? 0), "KeyValues metadata size does not match column type key count");
        var item = (PrimitiveDataViewType)names.GetItemType();
        DataViewType type = input.Type is VectorDataViewType slots ? new VectorDataViewType(item, slots.Dimensions) : item;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name == AnnotationKinds.SlotNames);
        var values = ReadValues(input);
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, type, annotations.ToAnnotations()),
            input.Index, row => MakeGetter(row, input, key, values));
    }

    /// <summary>What the keys of a column stand for.</summary>
    internal static Array ReadValues(DataViewSchema.Column column)
        => Generic.CallStatic<Array>(typeof(KeyToValueMappingTransformer), nameof(ReadCore),
            column.Annotations.Schema[AnnotationKinds.KeyValues].Type.GetItemType().RawType, column);

    private static Array ReadCore<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.Annotations.GetValue(AnnotationKinds.KeyValues, ref values);
        return values.DenseValues().ToArray();
    }

    private static Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column, KeyDataViewType key, Array values)
        => Generic.CallStatic<Delegate>(typeof(KeyToValueMappingTransformer), nameof(MakeGetterOf),
            values.GetType().GetElementType(), row, column, key, values);

    private static Delegate MakeGetterOf<T>(DataViewRow row, DataViewSchema.Column column, KeyDataViewType key, T[] values)
    {
        var missing = Missing.Value<T>();
        T Map(ulong k) => k > 0 && k <= (ulong)values.Length ? values[k - 1] : missing;
        if (key.RawType == typeof(byte)) return MakeGetterFrom<byte, T>(row, column, k => Map(k));
        if (key.RawType == typeof(ushort)) return MakeGetterFrom<ushort, T>(row, column, k => Map(k));
        if (key.RawType == typeof(uint)) return MakeGetterFrom<uint, T>(row, column, k => Map(k));
        return MakeGetterFrom<ulong, T>(row, column, Map);
    }

    private static Delegate MakeGetterFrom<TKey, T>(DataViewRow row, DataViewSchema.Column column, Func<TKey, T> map)
    {
        if (column.Type is VectorDataViewType)
            return VectorMap.Make(row, column, map);
        var get = row.GetGetter<TKey>(column);
        TKey key = default;
        return (ValueGetter<T>)((ref T value) =>
        {
            get(ref key);
            value = map(key);
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(KeyToValueMappingTransformer).Assembly);
        SaveColumns(ctx);
    }

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, LoadColumns(ctx));
}
