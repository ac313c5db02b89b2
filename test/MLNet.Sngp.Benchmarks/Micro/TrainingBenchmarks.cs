using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>Ten epochs on the two moons, all of <c>Fit</c>.</summary>
public class TrainingBenchmarks
{
    private readonly MLContext _context = new(1);
    private IDataView _table = null!;

    [GlobalSetup]
    public void Load() => _table = Tables.Moons(_context);

    [Benchmark]
    public void Sngp() => _context.Sngp().Multiclass(new SngpTrainer.Options { NumberOfEpochs = 10, Seed = 1 }).Fit(_table).Dispose();

    [Benchmark(Baseline = true)]
    public void Plain() => _context.Sngp().Deterministic(new DeterministicTrainer.Options { NumberOfEpochs = 10, Seed = 1 }).Fit(_table).Dispose();
}
