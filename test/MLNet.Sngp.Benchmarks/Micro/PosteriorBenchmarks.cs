using BenchmarkDotNet.Attributes;
using MLNet.Sngp.Posterior;
using TorchSharp;
using TwoMoons;
using static TorchSharp.torch;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>The posterior alone: a batch of 1,024 rows added, the factor of the full variance, and the truncated form.</summary>
/// <remarks>Random features of points of the plane, whose sum of squares has few large eigenvalues.</remarks>
public class PosteriorBenchmarks
{
    private const int Rows = 1024;
    private DisposeScope _scope = null!;
    private LaplacePosterior _posterior = null!;
    private Tensor _features = null!;

    [Params(256, 1024, 2048, 4096)]
    public int RandomFeatures { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _scope = NewDisposeScope();
        _posterior = new LaplacePosterior(RandomFeatures, 1, CPU);
        var random = new TwoMoons.SeededRandom(1, 10);
        var phases = Gaussian(random, 1, RandomFeatures).mul(Math.PI);
        _features = addmm(phases, Gaussian(random, Rows, 2), Gaussian(random, 2, RandomFeatures), 1, 1).cos()
            .mul(Math.Sqrt(2.0 / RandomFeatures));
        _posterior.Add(_features, null);
    }

    [GlobalCleanup]
    public void Free() => _scope.Dispose();

    [Benchmark]
    public void Add() => _posterior.Add(_features, null);

    [Benchmark]
    public void FullVariance() => _posterior.VarianceFactor(out _).Dispose();

    [Benchmark]
    public void TruncatedVariance()
    {
        using var scope = NewDisposeScope();
        _posterior.Variance(1e-5, 2);
    }

    private static Tensor Gaussian(TwoMoons.SeededRandom random, int rows, int columns) =>
        tensor([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextGaussian())], [rows, columns]);
}
