using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a data view, hidden columns among them, as objects.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(maxRows >= 0, nameof(maxRows));
        Schema = data.Schema;
        var rows = new List<RowInfo>();
        using (var cursor = data.GetRowCursor(Schema))
        {
            var readers = Schema.Select(c => Generic.CallStatic<Func<object>>(typeof(DataDebuggerPreview), nameof(Reader), c.Type.RawType, cursor, c)).ToArray();
            while (rows.Count < maxRows && cursor.MoveNext())
                rows.Add(new RowInfo(readers.Select((read, i) => KeyValuePair.Create(Schema[i].Name, read())).ToArray()));
        }
        RowView = rows.ToImmutableArray();
        ColumnView = Schema.Select(c => new ColumnInfo(c, rows.Select(r => r.Values[c.Index].Value).ToArray())).ToImmutableArray();
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }

    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }

    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }
}
