namespace MLNet.Sngp.Data;

/// <summary>Goes through rows of a table in memory in a given order.</summary>
internal sealed class TablePass : RowPass
{
    private readonly TrainingTable _table;
    private readonly int _count;
    private int[]? _order;
    private int _next;

    /// <param name="table">The rows.</param>
    /// <param name="count">How many rows to give.</param>
    /// <param name="order">The rows to give, and perhaps more; null for the table's order. Goes back to the table when the pass is
    /// disposed.</param>
    public TablePass(TrainingTable table, int count, int[]? order = null)
    {
        _table = table;
        _count = count;
        _order = order;
    }

    public override int Read(RowBatch batch)
    {
        var count = Math.Min(batch.Capacity, _count - _next);
        for (var i = 0; i < count; i++, _next++)
            _table.CopyTo(_order is null ? _next : _order[_next], batch, i);
        return count;
    }

    public override void Dispose()
    {
        if (_order != null)
            _table.Return(_order);
        _order = null;
        // What a disposed pass would give is another pass's order.
        _next = _count;
    }
}
