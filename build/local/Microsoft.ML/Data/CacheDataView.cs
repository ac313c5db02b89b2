using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps the columns that were read once; reads the source again only for others.</summary>
internal sealed class CacheDataView : IDataView
{
    private const int BlockSize = 64; // rows that a cursor of a set takes at a time

    private readonly object _lock = new();
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ColumnBuffer[] _columns;
    private int _rowCount = -1;

    public CacheDataView(IHostEnvironment env, IDataView source)
    {
        _host = env.Register("Cache");
        _source = source;
        _columns = new ColumnBuffer[source.Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    /// <summary>Known after the first reading, whatever the source knows.</summary>
    public long? GetRowCount() => _rowCount < 0 ? null : _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Columns.Active(columnsNeeded, Schema);
        Fill(active);
        return new Cursor(this, active, new Blocks(_rowCount, _rowCount), Permutation(rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Columns.Active(columnsNeeded, Schema);
        Fill(active);
        var order = Permutation(rand);
        var blocks = new Blocks(_rowCount, BlockSize);
        return Enumerable.Range(0, SplitCursor.ThreadCount(n)).Select(_ => (DataViewRowCursor)new Cursor(this, active, blocks, order)).ToArray();
    }

    private void Fill(bool[] active)
    {
        lock (_lock)
        {
            var missing = Schema.Where(c => active[c.Index] && _columns[c.Index] == null).ToArray();
            if (missing.Length == 0 && _rowCount >= 0)
                return;
            var buffers = missing.Select(c => ColumnBuffer.Create(c.Type.RawType)).ToArray();
            using var cursor = _source.GetRowCursor(missing);
            var sources = buffers.Select((b, i) => b.Source(cursor, missing[i])).ToArray();
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
                RowLayout.Fill(buffers, sources, rows);
            for (var i = 0; i < missing.Length; i++)
                _columns[missing[i].Index] = buffers[i];
            _rowCount = rows;
        }
    }

    private int[] Permutation(Random rand)
    {
        if (rand == null)
            return null;
        var order = Enumerable.Range(0, _rowCount).ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            var other = i + rand.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>Deals out the rows in blocks, each once.</summary>
    private sealed class Blocks(int rows, int size)
    {
        private int _next = -1;

        public bool TryTake(out int block, out int start, out int end)
        {
            block = Interlocked.Increment(ref _next);
            var from = (long)block * size;
            start = (int)Math.Min(from, rows);
            end = (int)Math.Min(from + size, rows);
            return start < end;
        }
    }

    private sealed class Cursor(CacheDataView parent, bool[] active, Blocks blocks, int[] order) : RootCursor(parent._host)
    {
        private int _block;
        private int _index = -1;
        private int _end;

        public override long Batch => _block;

        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Columns.IsActive(active, column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Columns.CheckActive(active, column);
            var buffer = parent._columns[column.Index];
            return Columns.Cast<TValue>(buffer.Getter(() => (buffer, Row())));
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row(), 0);

        protected override bool MoveNextCore()
        {
            if (++_index < _end)
                return true;
            return blocks.TryTake(out _block, out _index, out _end);
        }

        private int Row()
        {
            CheckGood();
            return order == null ? _index : order[_index];
        }
    }
}
