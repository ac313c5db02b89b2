using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>A table in memory; columns without values hold default ones.</summary>
internal sealed class CheckRowsView(DataViewSchema schema, IReadOnlyList<CheckColumn> columns, IReadOnlyList<int[]> rows) : IDataView
{
    public DataViewSchema Schema { get; } = schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(Schema, columns, rows, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(
        DataViewSchema schema, IReadOnlyList<CheckColumn> columns, IReadOnlyList<int[]> rows, IEnumerable<DataViewSchema.Column> active)
            : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
        private int _position = -1;

        public override DataViewSchema Schema { get; } = schema;

        public override long Position => _position < rows.Count ? _position : -1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _position = Math.Min(_position + 1, rows.Count);
            return _position < rows.Count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var index = i;
                if (columns[i].Name == column.Name)
                    return (ValueGetter<TValue>)columns[i].Getter(() => rows[_position][index]);
            }
            return (ref TValue value) => value = default!;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
    }
}
