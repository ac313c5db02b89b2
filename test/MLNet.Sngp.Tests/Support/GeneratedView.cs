using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A table of any length whose rows are computed as they are read, and that counts its cursors.</summary>
internal sealed class GeneratedView : IDataView
{
    private int _opened;
    private int _disposed;

    public GeneratedView(long rows, int features, int classes = 2)
    {
        NumberOfRows = rows;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), classes));
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, features));
        builder.AddColumn("Weight", NumberDataViewType.Single);
        Schema = builder.ToSchema();
        // Feature 0 says which row it is; the others are small and differ.
        Features = row =>
        {
            var values = new float[features];
            for (var slot = 1; slot < values.Length; slot++)
                values[slot] = (row * 7 + slot * 13) % 11 - 5;
            values[0] = row;
            return new VBuffer<float>(features, values);
        };
        Label = row => (uint)(row % classes) + 1;
    }

    /// <summary>The rows of the cursor of the given number, counted from 1.</summary>
    public Func<int, long>? RowsOfCursor { get; init; }

    public Func<long, VBuffer<float>> Features { get; init; }

    public Func<long, uint> Label { get; init; }

    public Func<long, float> Weight { get; init; } = _ => 1;

    /// <summary>Whether the number of rows is known beforehand.</summary>
    public bool IsCounted { get; init; }

    public long NumberOfRows { get; }

    public int OpenedCursors => _opened;

    public int OpenCursors => _opened - _disposed;

    /// <summary>How often features were asked for.</summary>
    public long FeatureReads { get; private set; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => IsCounted ? NumberOfRows : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var number = Interlocked.Increment(ref _opened);
        return new Cursor(this, RowsOfCursor?.Invoke(number) ?? NumberOfRows);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(GeneratedView view, long rows) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _isDisposed;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_position + 1 >= rows)
                return false;
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ValueGetter<TValue>)(column.Name switch
        {
            "Label" => (ValueGetter<uint>)((ref uint value) => value = view.Label(_position)),
            "Weight" => (ValueGetter<float>)((ref float value) => value = view.Weight(_position)),
            _ => (Delegate)(ValueGetter<VBuffer<float>>)ReadFeatures,
        });

        protected override void Dispose(bool disposing)
        {
            if (!_isDisposed)
                Interlocked.Increment(ref view._disposed);
            _isDisposed = true;
        }

        private void ReadFeatures(ref VBuffer<float> value)
        {
            view.FeatureReads++;
            value = view.Features(_position);
        }
    }
}
