using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Calibration;

/// <summary>Gives the probabilities of the validation rows at any temperature and mean-field factor, by the model's own graph.</summary>
internal sealed class GraphProbabilities : IDisposable
{
    private const int RowsPerBatch = 1024;
    private readonly InferenceSession _downstream;
    private readonly List<List<NamedOnnxValue>> _batches = [];
    private readonly bool _hasMeanFieldFactor;
    private readonly bool _isBinary;

    /// <exception cref="InvalidOperationException">The model has no temperature.</exception>
    public GraphProbabilities(UncertaintyModel model, ValidationRows rows)
    {
        if (model.Temperature is null)
            throw new InvalidOperationException(
                $"A model of the method {model.Method} without a temperature cannot be calibrated; train it again with this version of the "
                + "library.");
        _hasMeanFieldFactor = model.MeanFieldFactor != null;
        _isBinary = model.IsBinary;
        NumberOfClasses = _isBinary ? 2 : model.NumberOfClasses;
        string[] dials = _hasMeanFieldFactor ? [ColumnNames.Temperature, ColumnNames.MeanFieldFactor] : [ColumnNames.Temperature];
        var split = GraphSplit.Of(CalibrationInputs.Add(model.ToProto()), ColumnNames.Score, dials);
        using var options = Options();
        using (var upstream = new InferenceSession(split.Upstream, options))
        {
            for (var start = 0; start < rows.Count; start += RowsPerBatch)
                _batches.Add(RunUpstream(upstream, model, rows, start, split.Seam));
        }
        _downstream = new InferenceSession(split.Downstream, options);
    }

    public int NumberOfClasses { get; }

    /// <summary>Probabilities row after row.</summary>
    public double[] Compute(double temperature, double? meanFieldFactor)
    {
        var probabilities = new List<double>();
        var dials = new List<NamedOnnxValue> { Dial(ColumnNames.Temperature, temperature) };
        if (_hasMeanFieldFactor && meanFieldFactor is { } factor)
            dials.Add(Dial(ColumnNames.MeanFieldFactor, factor));
        foreach (var seam in _batches)
        {
            using var results = _downstream.Run([.. seam, .. dials], [ColumnNames.Score]);
            foreach (var value in results.Single().AsTensor<float>().ToArray())
            {
                // A binary model's Score is the logit of true; from it no digits of a small probability are lost.
                if (_isBinary)
                    probabilities.Add(1 / (1 + Math.Exp(value)));
                probabilities.Add(_isBinary ? 1 / (1 + Math.Exp(-value)) : value);
            }
        }
        return [.. probabilities];
    }

    public void Dispose() => _downstream.Dispose();

    private static List<NamedOnnxValue> RunUpstream(
        InferenceSession upstream, UncertaintyModel model, ValidationRows rows, int start, IReadOnlyList<string> seam)
    {
        var count = Math.Min(RowsPerBatch, rows.Count - start);
        var features = new DenseTensor<float>(rows.Features(start, count), [count, rows.NumberOfFeatures]);
        using var results = upstream.Run([NamedOnnxValue.CreateFromTensor(model.FeatureColumnName, features)], seam);
        // The results' memory goes with them.
        return [.. results.Select(value => NamedOnnxValue.CreateFromTensor(value.Name, value.AsTensor<float>().ToDenseTensor()))];
    }

    private static NamedOnnxValue Dial(string name, double value) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(new[] { (float)value }, [1]));

    private static SessionOptions Options() => new()
    {
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };
}
