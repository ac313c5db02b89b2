using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Reads what is computed from, ids and batch numbers from a row of the input.</summary>
internal abstract class InputReader(DataViewRow row)
{
    private readonly ValueGetter<DataViewRowId> _id = row.GetIdGetter();

    /// <summary>Has the table compute the value of its current row.</summary>
    public abstract void Read();

    /// <summary>Copies the value that was read last.</summary>
    public abstract void CopyTo(RowBuffers buffers, int row);

    /// <summary>Copies what was read last.</summary>
    public void CopyTo(RowBuffers buffers, int index, out DataViewRowId id, out long batch)
    {
        CopyTo(buffers, index);
        id = default;
        _id(ref id);
        batch = row.Batch;
    }
}

/// <summary>Reads features.</summary>
internal sealed class FeatureReader(DataViewRow row, DataViewSchema.Column column) : InputReader(row)
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private VBuffer<float> _features;

    public override void Read() => _getter(ref _features);

    public override void CopyTo(RowBuffers buffers, int row) => ((ScoringBuffers)buffers).SetFeatures(row, in _features);
}
