using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>
/// A view in which one slot of a vector column has other values, row by row. The changed column hides the old one and, as in
/// ML.NET, has no annotations; rows come in order, without a known count.
/// </summary>
internal sealed class PermutedDataView : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column _column;
    private readonly int _slot;
    private readonly float[] _values;
    private readonly int? _take;
    private readonly ColumnBindings _bindings;

    public PermutedDataView(IDataView source, DataViewSchema.Column column, int slot, float[] values, int? take)
    {
        _source = source;
        _column = column;
        _slot = slot;
        _values = values;
        _take = take;
        _bindings = new ColumnBindings(source.Schema, new[] { new DataViewSchema.DetachedColumn(column.Name, column.Type) });
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _bindings.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => new[] { GetRowCursor(columnsNeeded, rand) };

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Columns.Active(columnsNeeded, Schema);
        var needed = _bindings.ActiveInputs(active).Append(_column.Index).Distinct().Select(i => _source.Schema[i]);
        return new Cursor(this, _source.GetRowCursor(needed.ToArray()), active);
    }

    private sealed class Cursor(PermutedDataView view, DataViewRowCursor input, bool[] active) : DataViewRowCursor
    {
        private int _row = -1;

        public override long Position => _row;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext()
        {
            if ((view._take is { } most && _row + 1 >= most) || !input.MoveNext())
                return false;
            _row++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => Columns.IsActive(active, column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Columns.CheckActive(active, column);
            int index = view._bindings.Map(column.Index, out bool isInput);
            return isInput ? input.GetGetter<TValue>(view._source.Schema[index]) : Columns.Cast<TValue>(MakeGetter());
        }

        private ValueGetter<VBuffer<float>> MakeGetter()
        {
            var get = input.GetGetter<VBuffer<float>>(view._column);
            var source = default(VBuffer<float>);
            return (ref VBuffer<float> result) =>
            {
                get(ref source);
                var editor = VBufferEditor.Create(ref result, source.Length);
                source.CopyTo(editor.Values);
                editor.Values[view._slot] = view._values[_row];
                result = editor.Commit();
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
