namespace MLNet.Sngp.Data;

/// <summary>Goes through rows of a table in memory in a given order.</summary>
internal sealed class TablePass : RowPass
{
    private readonly TrainingTable _table;
    private readonly int[]? _order;
    private readonly int _count;
    private int _next;

    /// <param name="table">The rows.</param>
    /// <param name="order">The rows to give; null for all in the table's order.</param>
    public TablePass(TrainingTable table, int[]? order)
    {
        _table = table;
        _order = order;
        _count = order?.Length ?? (int)table.NumberOfRows;
    }

    public override int Read(RowBatch batch)
    {
        var count = Math.Min(batch.Capacity, _count - _next);
        for (var i = 0; i < count; i++, _next++)
        {
            var row = _order is null ? _next : _order[_next];
            batch.Set(i, _table.FeaturesOf(row), _table.Labels[row], _table.Weights is null ? 1 : _table.Weights[row]);
        }
        return count;
    }
}
