using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Reads features, ids and batch numbers from a cursor over the input.</summary>
internal sealed class InputReader(DataViewRowCursor cursor, DataViewSchema.Column featureColumn)
{
    private readonly ValueGetter<VBuffer<float>> _features = cursor.GetGetter<VBuffer<float>>(featureColumn);
    private readonly ValueGetter<DataViewRowId> _id = cursor.GetIdGetter();
    private VBuffer<float> _row;

    public bool MoveNext() => cursor.MoveNext();

    /// <summary>Has the table compute the features of its current row.</summary>
    public void Read() => _features(ref _row);

    /// <summary>Copies what was read last.</summary>
    public void CopyTo(ScoringBuffers buffers, int row, out DataViewRowId id, out long batch)
    {
        buffers.SetFeatures(row, in _row);
        id = default;
        _id(ref id);
        batch = cursor.Batch;
    }
}
