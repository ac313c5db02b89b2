using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>Ten epochs on the two moons, all of <c>Fit</c>.</summary>
public class TrainingBenchmarks
{
    private readonly MLContext _context = new(1);
    private IDataView _table = null!;

    [GlobalSetup]
    public void Load() => _table = Tables.Moons(_context);

    [Benchmark]
    public void Sngp() => _context.Sngp().Multiclass(TutorialNetwork.Sngp(10)).Fit(_table)
        .Dispose();

    [Benchmark(Baseline = true)]
    public void Plain() => _context.Sngp().Multiclass(
        TutorialNetwork.Plain(10)).Fit(_table).Dispose();
}
