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

    public void Read(ScoringBuffers buffers, int row, out DataViewRowId id, out long batch)
    {
        _features(ref _row);
        buffers.SetFeatures(row, in _row);
        id = default;
        _id(ref id);
        batch = cursor.Batch;
    }
}
