using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>One epoch with its posterior while one of n, d, M and K grows; memory beside it is in <c>growth</c>.</summary>
public class GrowthBenchmarks
{
    private readonly MLContext _context = new(1);

    [Benchmark]
    [Arguments(1_000, 2, 256, 2)]
    [Arguments(10_000, 2, 256, 2)]
    [Arguments(1_000, 200, 256, 2)]
    [Arguments(1_000, 2_000, 256, 2)]
    [Arguments(1_000, 2, 512, 2)]
    [Arguments(1_000, 2, 1024, 2)]
    [Arguments(1_000, 2, 256, 20)]
    [Arguments(1_000, 2, 256, 200)]
    public void Epoch(int rows, int features, int randomFeatures, int classes)
    {
        var options = TutorialNetwork.Sngp(1);
        options.GaussianProcess.NumberOfRandomFeatures = randomFeatures;
        _context.Sngp().Multiclass(options).Fit(Tables.Generated(_context, rows, features, classes)).Dispose();
    }
}
