using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>A row of the input with the columns of a model added. The row is scored when a value is first asked for at a new position.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly ScoringBuffers? _buffers;
    private readonly ValueGetter<VBuffer<float>>? _featureGetter;
    private readonly ModelOutput?[] _outputs;
    private readonly int[] _outputIndices;
    private VBuffer<float> _features;
    private long _scoredPosition = -1;
    private bool _disposed;

    /// <param name="input">The row of the input; it is disposed with this one, as in ML.NET.</param>
    /// <param name="schema">The output's columns.</param>
    /// <param name="active">Which of them are active.</param>
    /// <param name="scorer">The model, or null when none of its columns is active.</param>
    /// <param name="featureColumn">The feature column of the input.</param>
    public ScoredRow(DataViewRow input, DataViewSchema schema, bool[] active, OnnxScorer? scorer, DataViewSchema.Column featureColumn)
    {
        _input = input;
        _active = active;
        Schema = schema;
        var own = input.Schema.Count;
        _outputs = new ModelOutput?[schema.Count - own];
        _outputIndices = new int[_outputs.Length];
        if (scorer == null)
            return;
        var outputs = new List<ModelOutput>();
        for (var i = 0; i < _outputs.Length; i++)
        {
            if (!active[own + i])
                continue;
            _outputs[i] = scorer.Model.Outputs[i];
            _outputIndices[i] = outputs.Count;
            outputs.Add(scorer.Model.Outputs[i]);
        }
        _featureGetter = input.GetGetter<VBuffer<float>>(featureColumn);
        _buffers = new ScoringBuffers(scorer, outputs, 1);
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        if (column.Index >= _active.Length)
            return false;
        return column.Index < _input.Schema.Count ? _input.IsColumnActive(_input.Schema[column.Index]) : _active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < _input.Schema.Count)
            return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        var index = column.Index - _input.Schema.Count;
        if (index >= _outputs.Length || _outputs[index] is not { } output)
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
        return OutputGetters.Create(output, _outputIndices[index], Locate) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; its values are not of type {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _buffers?.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private ScoringBuffers Locate(out int row)
    {
        row = 0;
        if (_scoredPosition == _input.Position)
            return _buffers!;
        ObjectDisposedException.ThrowIf(_disposed, this);
        _featureGetter!(ref _features);
        _buffers!.SetFeatures(0, in _features);
        _buffers.Run(1);
        _scoredPosition = _input.Position;
        return _buffers;
    }
}
