using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The view that <see cref="ColumnSelectingTransformer"/> gives.</summary>
internal sealed class SelectedColumnsView(IDataView source, SelectedColumns columns) : IDataView
{
    public IDataView Source => source;

    public DataViewSchema.Column SourceOf(DataViewSchema.Column column) => columns.Source(column.Index);

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => columns.Output;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return new SelectedColumnsCursor(source.GetRowCursor(columns.GetDependencies(needed), rand), columns, needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return source.GetRowCursorSet(columns.GetDependencies(needed), n, rand)
            .Select(input => (DataViewRowCursor)new SelectedColumnsCursor(input, columns, needed)).ToArray();
    }
}

internal sealed class SelectedColumnsCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly SelectedColumns _columns;
    private readonly bool[] _active;

    public SelectedColumnsCursor(DataViewRowCursor input, SelectedColumns columns, IEnumerable<DataViewSchema.Column> needed)
    {
        _input = input;
        _columns = columns;
        _active = new bool[columns.Output.Count];
        foreach (var column in needed)
            _active[column.Index] = true;
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _columns.Output;

    public override bool MoveNext() => _input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column) ? _input.GetGetter<TValue>(_columns.Source(column.Index))
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }
}

internal sealed class SelectedColumnsRow(DataViewRow input, SelectedColumns columns) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => columns.Output;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    // As in ML.NET: a row made from another says that all columns are active.
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(columns.Source(column.Index));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
