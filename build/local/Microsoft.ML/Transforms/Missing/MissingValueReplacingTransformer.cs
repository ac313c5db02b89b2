using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts a column's replacement, or that of the slot, where NaN stands.</summary>
[LoadableClass(Signature)]
public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    private const string Signature = "NAReplaceTransform";
    private readonly DataViewType[] _types;
    private readonly Array[] _replacements;

    internal MissingValueReplacingTransformer(IHostEnvironment env, (string, string)[] columns, DataViewType[] types, Array[] replacements)
        : base(env.Register("NAReplaceTransform"), columns)
    {
        _types = types;
        _replacements = replacements;
    }

    /// <summary>For each column one value, or one for each slot.</summary>
    internal IReadOnlyList<Array> Replacements => _replacements;

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        var item = input.Type.GetItemType();
        MissingValueReplacingEstimator.CheckType(item);
        var replacement = _replacements[pair];
        Contracts.CheckParam(item.RawType == replacement.GetType().GetElementType(), "inputSchema",
            $"Column '{input.Name}' item type '{_types[pair].GetItemType()}' does not match expected ColumnType of '{input.Type}'");
        Contracts.CheckParam(replacement.Length == 1 || input.Type.GetValueCount() == replacement.Length, "inputSchema",
            $"Column '{input.Name}' item type '{_types[pair]}' must be a scalar or a vector of the same size as Columntype '{input.Type}'");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name is AnnotationKinds.SlotNames or AnnotationKinds.IsNormalized);
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, input.Type, annotations.ToAnnotations()), input.Index,
            row => replacement is float[] single ? MakeGetter(row, input, single) : MakeGetter(row, input, (double[])replacement));
    }

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column column, T[] replacement) where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (column.Type is not VectorDataViewType)
        {
            var getOne = row.GetGetter<T>(column);
            return (ValueGetter<T>)((ref T value) =>
            {
                getOne(ref value);
                if (T.IsNaN(value))
                    value = replacement[0];
            });
        }
        var get = row.GetGetter<VBuffer<T>>(column);
        var source = default(VBuffer<T>);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> result) =>
        {
            get(ref source);
            Contracts.Check(replacement.Length == 1 || source.Length == replacement.Length, $"Column '{column.Name}' has a row of another length.");
            source.CopyTo(ref result);
            var editor = VBufferEditor.CreateFromBuffer(ref result);
            for (int i = 0; i < editor.Values.Length; i++)
                if (T.IsNaN(editor.Values[i]))
                    editor.Values[i] = replacement[replacement.Length == 1 ? 0 : result.IsDense ? i : editor.Indices[i]];
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(MissingValueReplacingTransformer).Assembly);
        SaveColumns(ctx);
        foreach (var replacement in _replacements)
        {
            ctx.Writer.Write(replacement is float[]);
            ctx.Writer.Write(replacement.Length);
            foreach (var value in replacement)
                ctx.Writer.Write(Convert.ToDouble(value));
        }
    }

    private static MissingValueReplacingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var pairs = LoadColumns(ctx);
        var replacements = new Array[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            bool single = ctx.Reader.ReadBoolean();
            var values = Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadDouble()).ToArray();
            replacements[i] = single ? Array.ConvertAll(values, v => (float)v) : values;
        }
        var types = replacements.Select(r => (DataViewType)(r is float[] ? NumberDataViewType.Single : NumberDataViewType.Double)).ToArray();
        return new MissingValueReplacingTransformer(env, pairs, types, replacements);
    }
}
