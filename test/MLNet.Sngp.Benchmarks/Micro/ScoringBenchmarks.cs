using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>Time and memory of a row: in batches through a table, and alone through a prediction engine.</summary>
public class ScoringBenchmarks
{
    private const int Rows = 10_000;
    private readonly MLContext _context = new(1);
    private readonly ScoreReader<float> _scores = new();
    private Prediction _prediction = new();
    private IDataView _table = null!;
    private SngpTransformer _model = null!;
    private PredictionEngine<FeatureRow, Prediction> _engine = null!;
    private FeatureRow _point = null!;

    [GlobalSetup]
    public void Train()
    {
        _model = _context.Sngp().Multiclass(TutorialNetwork.Sngp(20)).Fit(Tables.Moons(_context));
        var points = Tables.Points(Rows);
        _point = points[0];
        _table = Tables.Load(_context, points, 2, 2);
        _engine = _context.Model.CreatePredictionEngine<FeatureRow, Prediction>(_model, inputSchemaDefinition: Tables.Schema(2, 2));
    }

    [GlobalCleanup]
    public void Free() => _engine.Dispose();

    [Benchmark(OperationsPerInvoke = Rows)]
    public long Batch() => _scores.Read(_model.Transform(_table));

    [Benchmark]
    public float Row()
    {
        _engine.Predict(_point, ref _prediction);
        return _prediction.Variance;
    }
}
