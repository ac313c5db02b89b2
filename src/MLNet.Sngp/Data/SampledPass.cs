namespace MLNet.Sngp.Data;

/// <summary>Goes through rows of a table that are drawn at random without repetition, in the table's order. Reads the features of those
/// alone.</summary>
/// <remarks>Selection sampling: a row is taken with the probability (rows still to draw)/(rows still to come). Knuth, volume 2, section
/// 3.4.2, algorithm S.</remarks>
internal sealed class SampledPass : StreamedPass
{
    private readonly SeededRandom _random;
    private int _left;

    public SampledPass(StreamedRows rows, TrainingRowCursor cursor, int count, SeededRandom random)
        : base(rows, cursor)
    {
        _left = count;
        _random = random;
    }

    public override int Read(RowBatch batch)
    {
        var count = 0;
        while (count < batch.Capacity && _left > 0 && MoveNext())
        {
            if (_random.NextInt64(Rows.NumberOfRows - Count + 1) >= _left)
                continue;
            ReadTo(batch, count++);
            _left--;
        }
        return count;
    }
}
