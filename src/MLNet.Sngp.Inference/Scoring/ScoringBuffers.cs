using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// Pinned memory for the features and the outputs of up to <see cref="RowBuffers.Capacity"/> rows, bound to a session once. For one thread
/// at a time.
/// </summary>
/// <remarks>
/// ONNX Runtime computes functions such as Log four elements at a time and what is left over one by one, which rounds differently, and a
/// product of a single row otherwise than that of several. Batches are therefore filled up to a multiple of four rows, so that a row's
/// numbers do not depend on what is scored with it. For buffers of one row, those of prediction engines, two do: what is left over is not
/// the first one's.
/// </remarks>
internal sealed class ScoringBuffers : RowBuffers
{
    private const int RowsAtOnce = 4;
    private readonly OnnxScorer _scorer;
    private readonly InferenceSession _session;
    private readonly IReadOnlyList<OutputColumn> _outputs;
    private readonly float[] _features;
    private readonly Array[] _results;
    private readonly List<OrtValue> _bound = [];
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private int _boundRows;
    private bool _disposed;

    /// <param name="scorer">The model.</param>
    /// <param name="outputs">The outputs to compute, at least one.</param>
    /// <param name="capacity">The largest number of rows in one run.</param>
    public ScoringBuffers(OnnxScorer scorer, IReadOnlyList<OutputColumn> outputs, int capacity)
        : base(capacity)
    {
        _scorer = scorer;
        _outputs = outputs;
        _features = GC.AllocateUninitializedArray<float>(checked(Filled(capacity) * scorer.Model.NumberOfFeatures), pinned: true);
        _results = [.. outputs.Select(output => Allocate(output, checked(Filled(capacity) * output.Width)))];
        _session = scorer.Acquire(outputs);
        _binding = _session.CreateIoBinding();
    }

    /// <summary>Copies the features of one row in; elements that a sparse vector leaves out become 0.</summary>
    public void SetFeatures(int row, in VBuffer<float> features)
    {
        var width = _scorer.Model.NumberOfFeatures;
        if (features.Length != width)
            throw new InvalidOperationException(
                $"The features of a row have {features.Length} elements and the column's type says {width}.");
        features.CopyTo(_features.AsSpan(row * width, width));
    }

    public override void Run(int rows)
    {
        _scorer.ThrowIfDisposed();
        var filled = Filled(rows);
        var width = _scorer.Model.NumberOfFeatures;
        for (var row = rows; row < filled; row++)
            _features.AsSpan((rows - 1) * width, width).CopyTo(_features.AsSpan(row * width));
        if (filled != _boundRows)
            Bind(filled);
        try
        {
            _session.RunWithBinding(_options, _binding);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException($"ONNX Runtime could not score {rows} rows: {exception.Message}", exception);
        }
    }

    public override T[] Results<T>(int output) => (T[])_results[output];

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Unbind();
        _binding.Dispose();
        _options.Dispose();
        _scorer.Release();
    }

    private int Filled(int rows) => Capacity == 1 ? 2 : (rows + RowsAtOnce - 1) / RowsAtOnce * RowsAtOnce;

    private static Array Allocate(OutputColumn output, int length) => output.Kind switch
    {
        ColumnKind.Key or ColumnKind.Reason => GC.AllocateUninitializedArray<uint>(length, pinned: true),
        ColumnKind.Boolean => GC.AllocateUninitializedArray<bool>(length, pinned: true),
        _ => GC.AllocateUninitializedArray<float>(length, pinned: true),
    };

    private void Bind(int rows)
    {
        Unbind();
        _binding.BindInput(
            _scorer.Model.FeatureColumnName, Keep(OrtValue.CreateTensorValueFromMemory(_features, [rows, _scorer.Model.NumberOfFeatures])));
        for (var i = 0; i < _outputs.Count; i++)
        {
            long[] shape = [rows, _outputs[i].Width];
            _binding.BindOutput(_outputs[i].Name, Keep(_results[i] switch
            {
                uint[] keys => OrtValue.CreateTensorValueFromMemory(keys, shape),
                bool[] truths => OrtValue.CreateTensorValueFromMemory(truths, shape),
                var numbers => OrtValue.CreateTensorValueFromMemory((float[])numbers, shape),
            }));
        }
        _boundRows = rows;
    }

    private OrtValue Keep(OrtValue value)
    {
        _bound.Add(value);
        return value;
    }

    private void Unbind()
    {
        _boundRows = 0;
        _binding.ClearBoundInputs();
        _binding.ClearBoundOutputs();
        foreach (var value in _bound)
            value.Dispose();
        _bound.Clear();
    }
}
