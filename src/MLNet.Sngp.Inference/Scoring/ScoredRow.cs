using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>A row of the input with the columns of a model added. The row is scored when a value is first asked for at a new
/// position.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly RowBuffers? _buffers;
    private readonly RowScorer _scorer;
    private readonly InputReader? _reader;
    private readonly ScoredSchema _schema;
    private readonly int[] _activeOutputs;
    private long _scoredPosition = -1;
    private bool _disposed;

    /// <param name="input">The row of the input; it is disposed with this one, as in ML.NET.</param>
    /// <param name="schema">The output's columns.</param>
    /// <param name="active">Which of them are active.</param>
    /// <param name="scorer">What computes them.</param>
    public ScoredRow(DataViewRow input, ScoredSchema schema, bool[] active, RowScorer scorer)
    {
        _input = input;
        _active = active;
        _schema = schema;
        _scorer = scorer;
        _activeOutputs = schema.ActiveOutputs(active);
        if (_activeOutputs.Length == 0)
            return;
        _reader = scorer.CreateReader(input, schema.Source);
        _buffers = scorer.CreateBuffers([.. _activeOutputs.Select(i => scorer.Outputs[i])], 1);
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _schema.Schema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        if (column.Index >= _active.Length)
            return false;
        var source = _schema.InputOf(column.Index);
        return source >= 0 ? _input.IsColumnActive(_input.Schema[source]) : _active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (_schema.InputOf(column.Index) is var source and >= 0)
            return _input.GetGetter<TValue>(_input.Schema[source]);
        if (_schema.IsMark(column.Index))
            return (ref TValue value) => value = default!;
        var index = Array.IndexOf(_activeOutputs, _schema.OutputOf(column.Index));
        if (index < 0)
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
        return OutputGetters.Create(_scorer.Outputs[_activeOutputs[index]], index, Locate) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
            $"Column '{column.Name}' is of type {column.Type}; its values are not of type {typeof(TValue)}.");
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

    private RowBuffers Locate(out int row)
    {
        row = 0;
        if (_scoredPosition == _input.Position)
            return _buffers!;
        ObjectDisposedException.ThrowIf(_disposed, this);
        _reader!.Read();
        _reader.CopyTo(_buffers!, 0);
        _buffers!.Run(1);
        _scoredPosition = _input.Position;
        return _buffers;
    }
}
