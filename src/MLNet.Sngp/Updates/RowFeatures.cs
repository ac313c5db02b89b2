using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Data;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Scoring;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNet.Sngp.Updates;

/// <summary>Computes φ of rows by the model's own graph, cut where φ is.</summary>
internal sealed class RowFeatures : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly int _width;
    private readonly string _basis;
    private readonly double _amplitude;
    private readonly float[] _rows;
    private int _count;

    /// <param name="model">The model.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="amplitude">What the graph's basis is multiplied by to be φ.</param>
    public RowFeatures(UncertaintyModel model, FrozenGraph graph, double amplitude)
    {
        (_input, _width, _basis, _amplitude) = (model.FeatureColumnName, model.NumberOfFeatures, graph.Basis, amplitude);
        // Always as many rows at once, and four or a multiple: what else is at a time rounds in another way; see docs/determinism.md.
        Capacity = Math.Max(RowBatch.RowsFor(_width) / 4, 1) * 4;
        _rows = new float[Capacity * _width];
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(graph.Upstream, options);
    }

    /// <summary>How many rows there is room for.</summary>
    public int Capacity { get; }

    /// <summary>Whether <see cref="Take"/> must come before the next row.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>Where the features of the next row belong.</summary>
    public Span<float> Next() => _rows.AsSpan(_count++ * _width, _width);

    /// <summary>φ of the rows since the last call, shape [B, M], in double precision.</summary>
    public Tensor Take()
    {
        using var scope = NewDisposeScope();
        _rows.AsSpan(_count * _width).Clear();
        using var results = _session.Run(
            [NamedOnnxValue.CreateFromTensor(_input, new DenseTensor<float>(_rows, [Capacity, _width]))], [_basis]);
        var values = results.Single().AsTensor<float>().ToArray();
        using var amplitude = _amplitude.ToScalar();
        var basis = NativeTensor.Of(values, [Capacity, values.Length / Capacity], CPU).narrow(0, 0, _count).to(ScalarType.Float64);
        _count = 0;
        return scope.MoveToOuter(basis.mul(amplitude));
    }

    public void Dispose() => _session.Dispose();
}
