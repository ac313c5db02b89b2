using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Spreads keys over the slots of a vector: a one where the key is, or how often each key occurs.</summary>
[LoadableClass(Signature)]
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    private const string Signature = "KeyToVectorTransform";

    internal KeyToVectorMappingTransformer(IHostEnvironment env, bool outputCountVector, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register("KeyToVector"), columns)
        => OutputCountVector = outputCountVector;

    internal bool OutputCountVector { get; }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        if (input.Type.GetItemType() is not KeyDataViewType { Count: > 0 } key)
            throw Contracts.ExceptMismatch("input", input.Name, "key type of known cardinality", input.Type.ToString());
        int keys = checked((int)key.Count), values = input.Type.GetValueCount();
        var type = OutputCountVector || values == 1
            ? new VectorDataViewType(NumberDataViewType.Single, keys)
            : new VectorDataViewType(NumberDataViewType.Single, values, keys);
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, type, Annotate(input, type, keys, values)),
            input.Index, row => MakeGetter(row, input, keys));
    }

    private DataViewSchema.Annotations Annotate(DataViewSchema.Column input, VectorDataViewType type, int keys, int values)
    {
        bool scalar = input.Type is not VectorDataViewType;
        var builder = new DataViewSchema.Annotations.Builder();
        var names = input.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type as VectorDataViewType;
        if (names is { ItemType: TextDataViewType } && names.Size == keys)
        {
            if (OutputCountVector || scalar)
                builder.AddSlotNames(type.Size, (ref VBuffer<ReadOnlyMemory<char>> d) => input.GetKeyValues(ref d));
            else if (type.IsKnownSize)
                builder.Add(AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, type.Dimensions),
                    (ref VBuffer<ReadOnlyMemory<char>> d) => d = SlotNames(input, values));
        }
        if (!OutputCountVector && values > 0)
            CategoricalSlots.Add(builder, Enumerable.Range(0, values).SelectMany(i => new[] { i * keys, (i + 1) * keys - 1 }).ToArray());
        if (!OutputCountVector || scalar)
            builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        return builder.ToAnnotations();
    }

    // "slot.key", with the slot's number in brackets where it has no name.
    private static VBuffer<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column input, int values)
    {
        VBuffer<ReadOnlyMemory<char>> keys = default, slots = default;
        input.GetKeyValues(ref keys);
        var own = new ReadOnlyMemory<char>[values];
        if (input.HasSlotNames())
        {
            input.GetSlotNames(ref slots);
            slots.CopyTo(own);
        }
        var keyNames = keys.DenseValues().ToArray();
        var all = own.SelectMany((slot, i) => keyNames.Select(k => $"{(slot.IsEmpty ? $"[{i}]" : slot.ToString())}.{k}".AsMemory())).ToArray();
        return new VBuffer<ReadOnlyMemory<char>>(all.Length, all);
    }

    private Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int keys)
    {
        var read = KeyReader.Make(row, input);
        var source = default(VBuffer<uint>);
        bool counts = OutputCountVector && input.Type is VectorDataViewType;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> result) =>
        {
            read(ref source);
            if (counts)
                Count(source, keys, ref result);
            else
                Mark(source, keys, ref result);
        });
    }

    private static void Mark(VBuffer<uint> source, int keys, ref VBuffer<float> result)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        var editor = VBufferEditor.Create(ref result, checked(source.Length * keys), values.Length, requireIndicesOnDense: true);
        int count = 0;
        for (int i = 0; i < values.Length; i++)
            if (values[i] > 0 && values[i] <= keys)
            {
                editor.Values[count] = 1;
                editor.Indices[count++] = (source.IsDense ? i : indices[i]) * keys + (int)values[i] - 1;
            }
        result = editor.CommitTruncated(count);
    }

    private static void Count(VBuffer<uint> source, int keys, ref VBuffer<float> result)
    {
        var editor = VBufferEditor.Create(ref result, keys);
        editor.Values.Clear();
        foreach (uint key in source.GetValues())
            if (key > 0 && key <= keys)
                editor.Values[(int)key - 1]++;
        result = editor.Commit();
        VectorMap.Compact(ref result);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(KeyToVectorMappingTransformer).Assembly);
        ctx.Writer.Write(OutputCountVector);
        SaveColumns(ctx);
    }

    private static KeyToVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, ctx.Reader.ReadBoolean(), LoadColumns(ctx));
}
