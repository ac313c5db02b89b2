using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another item type. Keys stay keys, in another unsigned type.</summary>
[LoadableClass(Signature)]
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    private const string Signature = "ConvertTransform";

    internal TypeConvertingTransformer(IHostEnvironment env, DataKind outputKind, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(TypeConvertingTransformer)), columns)
    {
        Contracts.CheckParam(columns.Length > 0, nameof(columns), "columns cannot be null or empty");
        OutputKind = outputKind;
    }

    internal DataKind OutputKind { get; }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        var source = input.Type.GetItemType();
        var item = ColumnTypes.FromKind(OutputKind);
        if (source is KeyDataViewType key && KeyDataViewType.IsValidDataType(item.RawType))
            item = new KeyDataViewType(item.RawType, Math.Min(key.Count, KeyDataViewType.MaxOf(item.RawType)));
        var convert = source is KeyDataViewType == item is KeyDataViewType ? ValueConversions.Find(source, item) : null;
        if (convert == null)
            throw Contracts.ExceptParam("inputSchema",
                $"source column '{input.Name}' with item type '{input.Type}' is not compatible with destination type '{item}'");
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, type, Annotate(input, type)), input.Index,
            row => MakeGetter(row, input, convert));
    }

    private static DataViewSchema.Annotations Annotate(DataViewSchema.Column input, DataViewType type)
    {
        DataViewType source = input.Type.GetItemType(), target = type.GetItemType();
        var builder = new DataViewSchema.Annotations.Builder();
        if (type is VectorDataViewType { IsKnownSize: true })
            builder.Add(input.Annotations, name => name == AnnotationKinds.SlotNames);
        if (source is KeyDataViewType { Count: > 0 } before && target is KeyDataViewType after && before.Count == after.Count)
            builder.Add(input.Annotations, name => name == AnnotationKinds.KeyValues);
        if (source is NumberDataViewType && target is NumberDataViewType)
            builder.Add(input.Annotations, name => name == AnnotationKinds.IsNormalized);
        if (input.Type is BooleanDataViewType && target is NumberDataViewType)
            builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        return builder.ToAnnotations();
    }

    private static Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column, Delegate convert)
        => (Delegate)Generic.Invoke(typeof(TypeConvertingTransformer), null, nameof(MakeGetterCore), convert.GetType().GetGenericArguments(),
            new object[] { row, column, convert });

    private static Delegate MakeGetterCore<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> convert)
    {
        if (column.Type is VectorDataViewType)
            return VectorMap.Make(row, column, convert);
        var get = row.GetGetter<TIn>(column);
        TIn source = default;
        return (ValueGetter<TOut>)((ref TOut value) =>
        {
            get(ref source);
            value = convert(source);
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(TypeConvertingTransformer).Assembly);
        ctx.Writer.Write((byte)OutputKind);
        SaveColumns(ctx);
    }

    private static TypeConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var kind = (DataKind)ctx.Reader.ReadByte();
        Contracts.CheckDecode(Enum.IsDefined(kind), "Corrupt model file");
        return new TypeConvertingTransformer(env, kind, LoadColumns(ctx));
    }
}
