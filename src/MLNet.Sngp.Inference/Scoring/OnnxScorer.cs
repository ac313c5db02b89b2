using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Scoring;

/// <summary>
/// Runs a model's graph with ONNX Runtime. Any number of threads may score at once, each through buffers of its own.
/// </summary>
/// <remarks>
/// <para>A session runs on the thread that calls it and has no threads of its own: cursors score several batches at a time
/// instead, which needs no waiting between the parts of one batch, does not compete with ML.NET's own threads,
/// and gives the same numbers whatever the number of threads is.</para>
/// <para>After <see cref="Dispose"/> every further run throws; the native session goes when the last buffers on it do.</para>
/// </remarks>
internal sealed class OnnxScorer : RowScorer, IDisposable
{
    private readonly UncertaintyModel _model;
    private readonly string _whole;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lazy<InferenceSession>> _sessions = new(StringComparer.Ordinal);
    private readonly Lazy<GraphPruner> _pruner;
    private int _users = 1;
    private volatile bool _disposed;

    /// <exception cref="ModelFormatException">ONNX Runtime refuses the graph.</exception>
    public OnnxScorer(UncertaintyModel model)
    {
        _model = model;
        _pruner = new Lazy<GraphPruner>(() => new GraphPruner(model.ToProto()));
        var whole = Open(model.OnnxBytes);
        _whole = string.Join('|', model.Outputs.Select(output => output.Name));
        _sessions[_whole] = new Lazy<InferenceSession>(whole);
        try
        {
            Try();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public UncertaintyModel Model => _model;

    public override IReadOnlyList<OutputColumn> Outputs => _model.Outputs;

    public override ScoredSchema AddTo(DataViewSchema input)
    {
        var features = FeatureColumn.Find(input, _model.FeatureColumnName, _model.NumberOfFeatures);
        var maker = ModelAnnotation.ValueFor(input, _model);
        return new ScoredSchema(input, features,
            [.. Outputs.Select(output => ModelAnnotation.Add(OutputSchema.Column(output, _model.Labels), maker))], isMarked: true);
    }

    public override int Capacity(IReadOnlyList<OutputColumn> outputs) =>
        Capacity(_model.NumberOfFeatures + outputs.Sum(output => output.Width), _model.LargestValue);

    public override InputReader CreateReader(DataViewRow input, DataViewSchema.Column column) => new FeatureReader(input, column);

    public override RowBuffers CreateBuffers(IReadOnlyList<OutputColumn> outputs, int rows) => new ScoringBuffers(this, outputs, rows);

    /// <summary>The session that computes <paramref name="outputs"/> and as little else as pays; <see cref="Release"/> it
    /// afterwards.</summary>
    /// <remarks>A session is opened by the first that needs it, while others score with those that are open.</remarks>
    public InferenceSession Acquire(IReadOnlyList<OutputColumn> outputs)
    {
        var covered = outputs.Count == _model.Outputs.Count ? null : Cover(outputs);
        var key = covered == null ? _whole : string.Join('|', covered);
        Lazy<InferenceSession>? session;
        lock (_lock)
        {
            ThrowIfDisposed();
            if (!_sessions.TryGetValue(key, out session))
                _sessions[key] = session = new(() => Open(_pruner.Value.Prune(covered!)));
            _users++;
        }
        try
        {
            return session.Value;
        }
        catch
        {
            Release();
            throw;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            if (--_users > 0)
                return;
            foreach (var session in _sessions.Values.Where(session => session.IsValueCreated))
                session.Value.Dispose();
            _sessions.Clear();
        }
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(SngpTransformer));

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Release();
    }

    /// <summary>The number of rows in a batch: enough to spread the cost of a run, few enough to stay in a processor's cache.</summary>
    /// <param name="numbersPerRow">What a row takes in and gives.</param>
    /// <param name="largestValue">What it takes on its way: no more than 64 MB of one value at once.</param>
    internal static int Capacity(int numbersPerRow, long largestValue = 1) =>
        (int)Math.Clamp(Math.Min((1 << 20) / Math.Max(1, numbersPerRow), (1 << 24) / Math.Max(1, largestValue)), 1, 256);

    // A graph can promise types and shapes that it does not give; that should come out now and not in the middle of a table.
    private void Try()
    {
        using var buffers = new ScoringBuffers(this, _model.Outputs, 2);
        VBuffer<float> zeros = new(_model.NumberOfFeatures, 0, [], []);
        buffers.SetFeatures(0, zeros);
        buffers.SetFeatures(1, zeros);
        try
        {
            buffers.Run(2);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is OnnxRuntimeException)
        {
            throw Refused(exception.InnerException);
        }
    }

    private IReadOnlyList<string> Cover(IReadOnlyList<OutputColumn> outputs) =>
        _pruner.Value.Cover([.. outputs.Select(output => output.Name)], [.. _model.Outputs.Select(output => output.Name)]);

    private static InferenceSession Open(byte[] onnx)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,

            // Errors are thrown as well; on the console they would only be seen twice.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Refused(exception);
        }
    }

    private static ModelFormatException Refused(Exception exception) =>
        new($"ONNX Runtime cannot run the model ({exception.Message}). Give a file that SaveAsOnnx wrote, whole and unchanged.", exception);
}
