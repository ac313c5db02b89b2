using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Objects as rows: read anew by each cursor, in order, never shuffled.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _data;
    private readonly UserColumn[] _columns;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> data, SchemaDefinition definition)
    {
        _host = env.Register("StreamingDataView");
        _data = data;
        _columns = UserColumns.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = UserColumns.SchemaOf(_columns);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, Columns.Active(columnsNeeded, Schema));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly EnumerableDataView<TRow> _parent;
        private readonly IEnumerator<TRow> _rows;
        private readonly UserGetters<TRow> _getters;
        private TRow _current;

        public Cursor(EnumerableDataView<TRow> parent, bool[] active) : base(parent._host)
        {
            _parent = parent;
            _rows = parent._data.GetEnumerator();
            _getters = new UserGetters<TRow>(parent._columns, Current, i => active[i]);
        }

        public override long Batch => 0;

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            var more = _rows.MoveNext();
            _current = more ? _rows.Current : null;
            Contracts.Check(!more || _current != null, "Encountered null when iterating over data, this is not supported.");
            return more;
        }

        protected override void DisposeCore() => _rows.Dispose();

        private TRow Current() => _current;
    }
}
