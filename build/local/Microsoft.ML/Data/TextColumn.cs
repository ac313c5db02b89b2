using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column of a text loader, bound to fields of a line.</summary>
internal sealed class TextColumn
{
    private TextColumn(string name, DataViewType type, (int Min, int Lim)[] segments)
    {
        Name = name;
        Type = type;
        Segments = segments;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    /// <summary>Ranges of field numbers; a limit of <see cref="int.MaxValue"/> is the end of each line.</summary>
    public (int Min, int Lim)[] Segments { get; }

    public static TextColumn[] Bind(TextLoader.Column[] columns, Func<int> inputSize)
    {
        var size = new Lazy<int>(inputSize);
        var ranges = columns.Select(c => Segment(c, size)).ToArray();
        return columns.Select((c, i) => Make(c, c.Source.Any(r => r.AllOther) ? Others(ranges, i, size) : ranges[i])).ToArray();
    }

    public static TextColumn Restore(string name, DataViewType type, (int Min, int Lim)[] segments) => new(name, type, segments);

    /// <summary>Slot names from the header, when there are any for this column.</summary>
    public DataViewSchema.Annotations Annotations(string[] header)
    {
        if (Type is not VectorDataViewType { IsKnownSize: true })
            return null;
        var names = Segments.SelectMany(s => Enumerable.Range(s.Min, s.Lim - s.Min))
            .Select(i => (i < header.Length ? header[i] : null).AsMemory()).ToArray();
        if (names.All(n => n.IsEmpty))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddSlotNames(names);
        return builder.ToAnnotations();
    }

    private static TextColumn Make(TextLoader.Column column, (int Min, int Lim)[] segments)
    {
        Contracts.CheckNonEmpty(column.Name?.Trim(), nameof(column.Name));
        var ordered = segments.OrderBy(s => s.Min).ToArray();
        Contracts.CheckParam(!ordered.Skip(1).Where((s, i) => ordered[i].Lim > s.Min).Any(), "Source", $"Intervals specified for column '{column.Name}' overlap");
        var item = ItemType(column);
        var isVariable = segments.Any(s => s.Lim == int.MaxValue);
        var size = isVariable ? 0 : segments.Sum(s => s.Lim - s.Min);
        var isVector = isVariable || size > 1 || column.Source[0].ForceVector || column.Source.Any(r => (r.AutoEnd && r.Max == null) || r.AllOther);
        return new TextColumn(column.Name.Trim(), isVector ? new VectorDataViewType(item, size) : item, segments);
    }

    private static PrimitiveDataViewType ItemType(TextLoader.Column column)
    {
        var type = ColumnTypes.FromKind(column.DataKind);
        return column.KeyCount == null ? type : new KeyDataViewType(type.RawType, column.KeyCount.Count ?? KeyDataViewType.MaxOf(type.RawType));
    }

    private static (int Min, int Lim)[] Segment(TextLoader.Column column, Lazy<int> size)
    {
        Contracts.CheckParam(column.Source is { Length: > 0 }, nameof(column.Source), "Must specify some source column indices");
        return column.Source.Where(r => !r.AllOther).Select(range =>
        {
            Contracts.CheckParam(range.Min >= 0, nameof(range.Min));
            if (range.Max is { } max)
                return (range.Min, max + 1);
            if (range.VariableEnd)
                return (range.Min, int.MaxValue);
            if (!range.AutoEnd)
                return (range.Min, range.Min + 1);
            Contracts.CheckParam(range.Min < size.Value, nameof(range.Min), $"Column #{range.Min} not found in the dataset (it only has {size.Value} columns)");
            return (range.Min, size.Value);
        }).ToArray();
    }

    private static (int Min, int Lim)[] Others((int Min, int Lim)[][] ranges, int column, Lazy<int> size)
    {
        var taken = ranges.SelectMany(r => r).SelectMany(s => Enumerable.Range(s.Min, s.Lim - s.Min)).ToHashSet();
        var free = Enumerable.Range(0, size.Value).Where(i => !taken.Contains(i)).Select(i => (i, i + 1)).ToArray();
        Contracts.CheckParam(free.Length > 0, "AllOther", "No index is selected as all other indexes.");
        return [.. ranges[column], .. free];
    }
}
