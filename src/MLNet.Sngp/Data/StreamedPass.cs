using System.Globalization;

namespace MLNet.Sngp.Data;

/// <summary>Goes through the rows of a table in its order, reading them as it goes.</summary>
internal class StreamedPass : RowPass
{
    private readonly TrainingRowCursor _cursor;
    private bool _isAtEnd;

    public StreamedPass(StreamedRows rows, TrainingRowCursor cursor)
    {
        Rows = rows;
        _cursor = cursor;
    }

    protected StreamedRows Rows { get; }

    /// <summary>How many rows the pass has come to.</summary>
    protected long Count { get; private set; }

    public override int Read(RowBatch batch)
    {
        var count = 0;
        while (count < batch.Capacity && MoveNext())
            ReadTo(batch, count++);
        return count;
    }

    public override void Dispose() => _cursor.Dispose();

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidOperationException">There are more rows than were counted, or fewer.</exception>
    protected bool MoveNext()
    {
        if (_isAtEnd)
            return false;
        _isAtEnd = !_cursor.MoveNext();
        if (!_isAtEnd)
            Count++;
        if (_isAtEnd ? Count < Rows.NumberOfRows : Count > Rows.NumberOfRows)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The training table had {Rows.NumberOfRows} rows when it was first read and has {(_isAtEnd ? "" : "at least ")}{Count} "
                + $"now. A table of more than {nameof(TrainingOptions.MaximumRowsInMemory)} rows is read again in every epoch and must not "
                + $"change; save it to a file first, or keep all of it in memory."));
        return !_isAtEnd;
    }

    protected void ReadTo(RowBatch batch, int position)
    {
        _cursor.Read(batch.FeaturesOf(position));
        batch.SetLabel(position, _cursor.Label, _cursor.Weight);
    }

    /// <summary>Reads the row to the end of a table in memory.</summary>
    protected void ReadTo(TrainingTable table)
    {
        _cursor.Read(table.NextRow());
        table.Keep(_cursor.Label, _cursor.Weight);
    }

    /// <summary>Reads the row in place of one of a table in memory.</summary>
    protected void ReadTo(TrainingTable table, int row)
    {
        _cursor.Read(table.FeaturesOf(row));
        table.SetLabel(row, _cursor.Label, _cursor.Weight);
    }
}
