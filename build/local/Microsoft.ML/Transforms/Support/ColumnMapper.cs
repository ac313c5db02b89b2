using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>An output column: what it is, which input columns it reads, and how.</summary>
internal sealed record MappedColumn(DataViewSchema.DetachedColumn Output, int[] Inputs, Func<DataViewRow, Delegate> MakeGetter)
{
    public MappedColumn(DataViewSchema.DetachedColumn output, int input, Func<DataViewRow, Delegate> makeGetter)
        : this(output, new[] { input }, makeGetter)
    {
    }

    /// <summary>A getter that gives an input column as it is.</summary>
    public static Delegate PassOn(DataViewRow row, DataViewSchema.Column column)
        => Generic.CallStatic<Delegate>(typeof(MappedColumn), nameof(PassOnCore), column.Type.RawType, row, column);

    private static Delegate PassOnCore<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(row.Schema[column.Index]);
}

/// <summary>A row mapper made of columns that were bound to an input schema.</summary>
internal sealed class ColumnMapper(RowToRowTransformerBase transformer, DataViewSchema schema, params MappedColumn[] columns) : RowMapperBase(schema)
{
    public RowToRowTransformerBase Transformer => transformer;

    public override Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        var needed = new HashSet<int>(Enumerable.Range(0, columns.Length).Where(activeOutput).SelectMany(i => columns[i].Inputs));
        return needed.Contains;
    }

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() => Array.ConvertAll(columns, c => c.Output);

    protected override Delegate MakeGetter(DataViewRow input, int output, out Action disposer)
    {
        disposer = null;
        return columns[output].MakeGetter(input);
    }
}
