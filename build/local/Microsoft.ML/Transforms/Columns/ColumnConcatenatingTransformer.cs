using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
[LoadableClass(Signature)]
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    private const string Signature = "ConcatTransform";
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    internal string OutputColumnName => _name;

    internal IReadOnlyList<string> InputColumnNames => _sources;

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
    {
        Contracts.CheckValue(schema, nameof(schema));
        var columns = _sources.Select(name => schema.GetColumnOrNull(name) ?? throw Contracts.ExceptMissing("input", name)).ToArray();
        var item = columns[0].Type.GetItemType();
        foreach (var column in columns)
            if (!column.Type.GetItemType().Equals(item))
                throw Contracts.ExceptMismatch("input", column.Name, item.ToString(), column.Type.ToString());
        var inputs = columns.Select(c => c.Index).ToArray();
        if (columns is [{ Type: VectorDataViewType } only])
            return new ColumnMapper(this, schema, new MappedColumn(
                new DataViewSchema.DetachedColumn(_name, only.Type, only.Annotations), inputs, row => MappedColumn.PassOn(row, only)));
        // One part of unknown length makes the whole of unknown length.
        int size = columns.Any(c => c.Type.GetValueCount() == 0) ? 0 : columns.Sum(c => c.Type.GetValueCount());
        var type = new VectorDataViewType((PrimitiveDataViewType)item, size);
        return new ColumnMapper(this, schema, new MappedColumn(
            new DataViewSchema.DetachedColumn(_name, type, Annotate(columns, type)), inputs, row => MakeGetter(row, columns, type)));
    }

    private static DataViewSchema.Annotations Annotate(DataViewSchema.Column[] columns, VectorDataViewType type)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (type.ItemType is NumberDataViewType && columns.All(c => c.IsNormalized()))
            builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        if (type.Size == 0)
            return builder.ToAnnotations();
        if (columns.Any(c => c.Type is not VectorDataViewType || c.HasSlotNames()))
            builder.Add(AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, type.Size),
                (ref VBuffer<ReadOnlyMemory<char>> names) => names = SlotNames(columns, type.Size));
        var ranges = CategoricalRanges(columns);
        if (ranges.Length > 0)
            CategoricalSlots.Add(builder, ranges);
        return builder.ToAnnotations();
    }

    // A scalar's slot has its column's name, a named slot of a vector "column.slot"; other slots have none.
    private static VBuffer<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column[] columns, int size)
    {
        var names = new ReadOnlyMemory<char>[size];
        var own = default(VBuffer<ReadOnlyMemory<char>>);
        int slot = 0;
        foreach (var column in columns)
        {
            if (column.Type is not VectorDataViewType)
                names[slot] = column.Name.AsMemory();
            else if (column.HasSlotNames())
            {
                column.GetSlotNames(ref own);
                foreach (var (index, name) in own.Items())
                    if (!name.IsEmpty)
                        names[slot + index] = $"{column.Name}.{name}".AsMemory();
            }
            slot += column.Type.GetValueCount();
        }
        return new VBuffer<ReadOnlyMemory<char>>(size, names);
    }

    private static int[] CategoricalRanges(DataViewSchema.Column[] columns)
    {
        var all = new List<int>();
        int slot = 0;
        foreach (var column in columns)
        {
            all.AddRange((CategoricalSlots.Find(column) ?? Array.Empty<int>()).Select(i => i + slot));
            slot += column.Type.GetValueCount();
        }
        return all.ToArray();
    }

    private static Delegate MakeGetter(DataViewRow row, DataViewSchema.Column[] columns, VectorDataViewType type)
        => Generic.CallStatic<Delegate>(typeof(ConcatenatingGetter), nameof(ConcatenatingGetter.Make), type.ItemType.RawType, row, columns, type.Size);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(ColumnConcatenatingTransformer).Assembly);
        ctx.Writer.Write(_name);
        ctx.Writer.WriteStrings(_sources);
    }

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
        => new(env, ctx.Reader.ReadString(), ctx.Reader.ReadStrings());
}
