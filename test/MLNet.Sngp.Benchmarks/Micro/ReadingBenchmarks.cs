using BenchmarkDotNet.Attributes;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Likelihoods;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>From the cursor into the training table: 10,000 rows, checked and copied.</summary>
public class ReadingBenchmarks
{
    private const int Rows = 10_000;
    private readonly MLContext _context = new(1);
    private IDataView _table = null!;
    private TrainingColumns _columns = null!;
    private IChannel _channel = null!;

    [Params(2, 100, 1_000)]
    public int Features { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _table = _context.Data.Cache(Tables.Generated(_context, Rows, Features, 2));
        _columns = TrainingColumns.Find(_table.Schema, new SngpOptions(), Categorical.Instance);
        _channel = ((IHostEnvironment)_context).Register(nameof(ReadingBenchmarks)).Start(nameof(Read));
    }

    [GlobalCleanup]
    public void Close() => _channel.Dispose();

    [Benchmark(OperationsPerInvoke = Rows)]
    public long Read() => new TrainingTableReader(_columns, new TrainingOptions()).Read(_table, _channel).NumberOfRows;
}
