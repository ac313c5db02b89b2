using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files.</summary>
internal sealed class TextDataView(IHostEnvironment env, TextLoader.Options options, TextFields fields, TextColumn[] columns,
    DataViewSchema schema, IMultiStreamSource source) : IDataView
{
    private const int MostMessages = 10;

    private readonly IHost _host = env.Register("BoundLoader");

    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, Columns.Active(columnsNeeded, schema));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private TextCell[] Cells(bool[] active)
        => columns.Select((c, i) => active[i] ? TextCell.Create(c, options) : null).ToArray();

    private IEnumerable<TextLine> Lines() => TextLines.Read(source, options.HasHeader && string.IsNullOrWhiteSpace(options.HeaderFile), options);

    private sealed class Cursor : RootCursor
    {
        private readonly TextDataView _parent;
        private readonly bool[] _active;
        private readonly TextCell[] _cells;
        private readonly IEnumerator<TextLine> _lines;
        private readonly IChannel _stats;
        private long _rows, _badValues, _badLines;

        public Cursor(TextDataView parent, bool[] active) : base(parent._host)
        {
            _parent = parent;
            _active = active;
            _cells = parent.Cells(active);
            _lines = parent.Lines().GetEnumerator();
            _stats = parent._host.Start("ParseStats");
        }

        public override long Batch => 0;

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Columns.IsActive(_active, column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Columns.CheckActive(_active, column);
            var getter = Columns.Cast<TValue>(_cells[column.Index].Getter);
            return (ref TValue value) =>
            {
                CheckGood();
                getter(ref value);
            };
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_lines.MoveNext())
                return false;
            try
            {
                Read(_lines.Current);
            }
            catch (InvalidOperationException ex)
            {
                throw new FormatException($"Parsing failed with an exception: {ex.Message}", ex);
            }
            _rows++;
            return true;
        }

        protected override void DisposeCore()
        {
            _lines.Dispose();
            if (_badValues > 0 || _badLines > 0)
                _stats.Info(MessageSensitivity.Unknown, "Processed {0} rows with {1} bad values and {2} format errors", _rows, _badValues, _badLines);
            _stats.Dispose();
        }

        private void Read(TextLine line)
        {
            var split = _parent.Split(line.Text, out var count, out var error);
            if (error != null && ++_badLines <= MostMessages)
                _stats.Warning(MessageSensitivity.Unknown, "Format error at line {0}: {1}", line.Number, error);
            foreach (var cell in _cells)
                cell?.Read(split, count, line.Number, OnBadValue);
        }

        private void OnBadValue(string message)
        {
            if (++_badValues <= MostMessages)
                _stats.Info(MessageSensitivity.Schema, "{0}", message);
        }
    }

    private List<TextField> Split(string line, out int count, out string error) => fields.Split(line, out count, out error);
}
