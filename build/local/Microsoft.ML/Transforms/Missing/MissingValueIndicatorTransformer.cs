using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>True where NaN stands.</summary>
[LoadableClass(Signature)]
public sealed class MissingValueIndicatorTransformer : OneToOneTransformerBase
{
    private const string Signature = "NaIndicatorTransform";

    internal MissingValueIndicatorTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(MissingValueIndicatorTransformer)), columns)
    {
    }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        var item = input.Type.GetItemType();
        if (!item.Equals(NumberDataViewType.Single) && !item.Equals(NumberDataViewType.Double))
            throw Contracts.ExceptMissing("input", input.Name);
        DataViewType type = input.Type is VectorDataViewType vector
            ? new VectorDataViewType(BooleanDataViewType.Instance, vector.Dimensions) : BooleanDataViewType.Instance;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name == AnnotationKinds.SlotNames);
        annotations.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, type, annotations.ToAnnotations()), input.Index,
            row => item.RawType == typeof(float) ? MakeGetter<float>(row, input, float.IsNaN) : MakeGetter<double>(row, input, double.IsNaN));
    }

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column column, Func<T, bool> isMissing)
    {
        if (column.Type is VectorDataViewType)
            return VectorMap.Make(row, column, isMissing);
        var get = row.GetGetter<T>(column);
        T source = default;
        return (ValueGetter<bool>)((ref bool value) =>
        {
            get(ref source);
            value = isMissing(source);
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(MissingValueIndicatorTransformer).Assembly);
        SaveColumns(ctx);
    }

    private static MissingValueIndicatorTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, LoadColumns(ctx));
}
