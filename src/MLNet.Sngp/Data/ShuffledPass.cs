namespace MLNet.Sngp.Data;

/// <summary>
/// Goes through the rows of a table in a random order: a buffer is filled, then each row to give is drawn from it and
/// the next row of the table takes its place.
/// </summary>
/// <remarks>Every row comes once. One cannot come earlier than the buffer's length before its place in the table.</remarks>
internal sealed class ShuffledPass : StreamedPass
{
    private readonly SeededRandom _random;
    private TrainingTable? _buffer;
    private bool _isDisposed;

    public ShuffledPass(StreamedRows rows, TrainingRowCursor cursor, SeededRandom random)
        : base(rows, cursor) => _random = random;

    public override int Read(RowBatch batch)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var buffer = _buffer ?? Fill();
        var count = 0;
        while (count < batch.Capacity && buffer.NumberOfRows > 0)
        {
            var row = _random.NextInt32((int)buffer.NumberOfRows);
            buffer.CopyTo(row, batch, count++);
            if (MoveNext())
                ReadTo(buffer, row);
            else
                buffer.RemoveAt(row);
        }
        return count;
    }

    public override void Dispose()
    {
        base.Dispose();
        if (_buffer != null && !_isDisposed)
            Rows.Return(_buffer);
        _isDisposed = true;
    }

    private TrainingTable Fill()
    {
        _buffer = Rows.Rent();
        while (_buffer.NumberOfRows < Rows.MaximumRowsInMemory && MoveNext())
            ReadTo(_buffer);
        return _buffer;
    }
}
