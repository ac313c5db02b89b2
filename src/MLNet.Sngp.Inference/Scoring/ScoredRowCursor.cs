using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>What the cursors over a scored table have in common: the columns that are active and the state of the position.</summary>
internal abstract class ScoredRowCursor : DataViewRowCursor
{
    private readonly bool[] _active;
    private long _position = -1;
    private bool _ended;
    private bool _disposed;

    protected ScoredRowCursor(DataViewRowCursor input, ScoredSchema schema, bool[] active)
    {
        Input = input;
        Columns = schema;
        _active = active;
    }

    public sealed override DataViewSchema Schema => Columns.Schema;

    public sealed override long Position => _position;

    protected DataViewRowCursor Input { get; }

    protected ScoredSchema Columns { get; }

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public sealed override bool MoveNext()
    {
        if (_ended)
            return false;
        try
        {
            _ended = !MoveNextCore();
        }
        catch
        {
            (_ended, _position) = (true, -1);
            throw;
        }
        _position = _ended ? -1 : _position + 1;
        return !_ended;
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (Columns.IsMark(column.Index))
            return (ref TValue value) => value = default!;
        return GetGetterCore(column) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
            $"Column '{column.Name}' is of type {column.Type}; its values are not of type {typeof(TValue)}.");
    }

    protected abstract bool MoveNextCore();

    protected abstract Delegate GetGetterCore(DataViewSchema.Column column);

    protected void RequireRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and take values only while it returns true.");
    }

    protected virtual void DisposeInput() => Input.Dispose();

    protected override void Dispose(bool disposing)
    {
        (_ended, _position) = (true, -1);
        if (disposing && !_disposed)
        {
            _disposed = true;
            DisposeInput();
        }
        base.Dispose(disposing);
    }
}
